#include "bench/load/alert_poster.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "bench/load/http_answer.h"

namespace selfheal::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kRetryPause{500};
constexpr int kLongestWaitMs = 100;

SteadyTime now_is() {
  return Clock::now();
}

}  // namespace

AlertPoster::AlertPoster(uint16_t port, size_t most_connections)
    : port_(port), most_connections_(most_connections), epoll_(epoll_create1(EPOLL_CLOEXEC)) {}

std::vector<Delivery> AlertPoster::deliver(const std::vector<std::chrono::nanoseconds>& due,
                                           const RequestOf& request_of,
                                           std::chrono::nanoseconds patience) {
  const SteadyTime begun = now_is();
  request_of_ = &request_of;
  deliveries_.assign(due.size(), {});
  for (size_t i = 0; i < due.size(); ++i)
    deliveries_[i].due_at = begun + std::chrono::duration_cast<SteadyTime::duration>(due[i]);
  next_ = 0;
  unanswered_ = due.size();
  retries_.clear();
  const SteadyTime end = (due.empty() ? begun : deliveries_.back().due_at) + patience;
  std::array<epoll_event, 128> events{};
  for (SteadyTime now = begun; unanswered_ > 0 && now < end; now = now_is()) {
    start_due(now);
    const int count =
        epoll_wait(epoll_.get(), events.data(), events.size(), next_timeout_ms(now_is(), end));
    for (int i = 0; i < count; ++i)
      proceed(static_cast<size_t>(events[static_cast<size_t>(i)].data.u64));
  }
  return std::move(deliveries_);
}

int AlertPoster::next_timeout_ms(SteadyTime now, SteadyTime end) const {
  SteadyTime next = end;
  if (next_ < deliveries_.size()) next = std::min(next, deliveries_[next_].due_at);
  if (!retries_.empty()) next = std::min(next, retries_.front().at);
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(next - now).count();
  // What is due and found no connection waits for an answer, not for a time.
  const bool full = idle_.empty() && open_ >= most_connections_;
  return full ? kLongestWaitMs : static_cast<int>(std::clamp<int64_t>(wait, 0, kLongestWaitMs));
}

void AlertPoster::start_due(SteadyTime now) {
  while (!retries_.empty() && retries_.front().at <= now && start(retries_.front().request))
    retries_.pop_front();
  while (next_ < deliveries_.size() && deliveries_[next_].due_at <= now && start(next_)) ++next_;
}

// False when there is no connection for it now.
bool AlertPoster::start(size_t request) {
  const auto index = free_connection();
  if (!index) return false;
  Connection& connection = connections_[*index];
  connection.busy = true;
  connection.request = request;
  connection.out = (*request_of_)(request);
  connection.in.clear();
  Delivery& delivery = deliveries_[request];
  if (delivery.tries++ == 0) delivery.sent_at = now_is();
  send_rest(connection);
  return true;
}

std::optional<size_t> AlertPoster::free_connection() {
  if (idle_.empty()) return open_connection();
  const size_t index = idle_.back();
  idle_.pop_back();
  return index;
}

std::optional<size_t> AlertPoster::open_connection() {
  if (open_ >= most_connections_) return std::nullopt;
  UniqueFd fd(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return std::nullopt;
  const int on = 1;
  setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  sockaddr_in peer{};
  peer.sin_family = AF_INET;
  peer.sin_port = htons(port_);
  peer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  connect(fd.get(), reinterpret_cast<const sockaddr*>(&peer), sizeof(peer));
  if (unused_.empty()) {
    unused_.push_back(connections_.size());
    connections_.emplace_back();
  }
  const size_t index = unused_.back();
  unused_.pop_back();
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.u64 = index;
  epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd.get(), &event);
  connections_[index] = {std::move(fd), false, 0, "", ""};
  ++opened_;
  most_at_once_ = std::max(most_at_once_, ++open_);
  return index;
}

void AlertPoster::send_rest(Connection& connection) {
  if (connection.out.empty()) return;
  const ssize_t sent =
      send(connection.fd.get(), connection.out.data(), connection.out.size(), MSG_NOSIGNAL);
  if (sent > 0) connection.out.erase(0, static_cast<size_t>(sent));
}

void AlertPoster::proceed(size_t index) {
  Connection& connection = connections_[index];
  if (!connection.fd) return;
  send_rest(connection);
  std::array<char, 4096> piece{};
  for (;;) {
    const ssize_t size = recv(connection.fd.get(), piece.data(), piece.size(), 0);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) break;
    if (size <= 0) return give_up_connection(index);
    connection.in.append(piece.data(), static_cast<size_t>(size));
    if (connection.busy) finish(index);
    if (!connection.fd) return;
  }
}

// If the answer is whole.
void AlertPoster::finish(size_t index) {
  Connection& connection = connections_[index];
  const auto answer = take_answer(connection.in);
  if (!answer) return;
  const size_t request = connection.request;
  connection.busy = false;
  idle_.push_back(index);
  if (answer->closes) give_up_connection(index);
  Delivery& delivery = deliveries_[request];
  delivery.status = answer->status;
  delivery.answered_at = now_is();
  if (answer->status >= 500)
    try_again(request);
  else
    --unanswered_;
}

void AlertPoster::give_up_connection(size_t index) {
  Connection& connection = connections_[index];
  const bool busy = connection.busy;
  const size_t request = connection.request;
  connection = {};
  std::erase(idle_, index);
  unused_.push_back(index);
  --open_;
  if (busy) try_again(request);
}

void AlertPoster::try_again(size_t request) {
  retries_.push_back({now_is() + kRetryPause, request});
}

}  // namespace selfheal::bench
