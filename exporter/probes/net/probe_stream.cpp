#include "exporter/probes/net/probe_stream.h"

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace selfheal {
namespace {

constexpr size_t kReadAtOnce = 16 * 1'024;

ProbeResult failure_of(const char* doing, int os_error) {
  const bool reset = os_error == ECONNRESET || os_error == EPIPE;
  const ProbeReason reason = reset                   ? ProbeReason::reset
                             : os_error == ETIMEDOUT ? ProbeReason::timeout
                                                     : ProbeReason::unreachable;
  return failed(reason, std::string(doing) + ": " + std::generic_category().message(os_error));
}

}  // namespace

ProbeStream::ProbeStream(EventLoop& loop, UniqueFd socket, Callback callback)
    : loop_(loop), socket_(std::move(socket)), callback_(std::move(callback)) {
  // Or the last words wait for an acknowledgement, and the reset drops them.
  const int on = 1;
  setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  watch();
}

ProbeStream::~ProbeStream() {
  if (tls_) tls_->close();
  if (tls_) output_ += tls_->take_output();
  static_cast<void>(write());  // a goodbye or an alert, if the peer still wants to hear it
  loop_.unwatch(socket_.get());
}

Outcome<ProbeResult> ProbeStream::send(std::string_view bytes) {
  if (tls_) {
    tls_->send(bytes);
    output_ += tls_->take_output();
  } else {
    output_ += bytes;
  }
  return write();
}

Outcome<ProbeResult> ProbeStream::secure(std::shared_ptr<TlsClient> client, std::string server_name,
                                         Tracing tracing) {
  if (ended_) return failed(ProbeReason::tls, "the peer closed the connection before TLS");
  tls_.emplace(std::move(client), std::move(server_name), tracing);
  output_ += tls_->take_output();
  return write();
}

Outcome<ProbeResult> ProbeStream::write() {
  while (!output_.empty()) {
    const ssize_t sent = ::send(socket_.get(), output_.data(), output_.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EAGAIN) break;
    if (sent < 0) return failure_of("sending", errno);
    output_.erase(0, static_cast<size_t>(sent));
  }
  watch();
  return Done{};
}

// The end of the peer's side would be reported for ever.
void ProbeStream::watch() {
  const uint32_t wanted = (ended_ ? 0U : EPOLLIN) | (output_.empty() ? 0U : EPOLLOUT);
  if (std::exchange(watched_, wanted) == wanted) return;
  loop_.watch(socket_.get(), wanted, [this](uint32_t events) { on_event(events); });
}

void ProbeStream::on_event(uint32_t events) {
  StreamNews news;
  if ((events & EPOLLOUT) != 0) {
    if (const auto written = write(); !written) news.failure = written.error();
  } else {
    news = read();
  }
  const Callback callback = callback_;
  callback(news);  // the last step: it may destroy this
}

StreamNews ProbeStream::read() {
  std::array<char, kReadAtOnce> piece;
  const ssize_t got = recv(socket_.get(), piece.data(), piece.size(), 0);
  StreamNews news;
  if (got > 0 && tls_) return read_secured({piece.data(), static_cast<size_t>(got)});
  if (got > 0) {
    plain_.assign(piece.data(), static_cast<size_t>(got));
    news.bytes = plain_;
  } else if (got == 0) {
    return at_end();
  } else if (errno != EAGAIN) {
    news.failure = failure_of("reading", errno);
  }
  return news;
}

StreamNews ProbeStream::read_secured(std::string_view bytes) {
  const bool was_handshaking = tls_->state() == TlsChannel::State::handshaking;
  StreamNews news;
  plain_ = tls_->receive(bytes);
  output_ += tls_->take_output();
  const auto written = write();
  news.bytes = plain_;
  const TlsChannel::State state = tls_->state();
  news.secured =
      was_handshaking && (state == TlsChannel::State::open || state == TlsChannel::State::ended);
  news.ended = state == TlsChannel::State::ended;
  if (state == TlsChannel::State::failed) {
    news.failure = failed(ProbeReason::tls, tls_->fault());
  } else if (!written) {
    news.failure = written.error();
  }
  return news;
}

StreamNews ProbeStream::at_end() {
  ended_ = true;
  watch();
  StreamNews news;
  if (tls_ && tls_->state() == TlsChannel::State::handshaking) {
    news.failure =
        failed(ProbeReason::tls, "the peer closed the connection during the TLS handshake");
  } else {
    news.ended = true;
  }
  return news;
}

}  // namespace selfheal
