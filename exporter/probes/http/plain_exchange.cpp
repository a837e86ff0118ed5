#include "exporter/probes/http/plain_exchange.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include <sys/socket.h>

#include "exporter/probes/net/address_literal.h"
#include "exporter/probes/net/host_port.h"
#include "exporter/probes/net/tcp_connect.h"

namespace selfheal {
namespace {

constexpr std::string_view kScheme = "http://";
constexpr size_t kPieceBytes = 16 << 10;

bool would_block(int os_error) {
  return os_error == EAGAIN || os_error == EWOULDBLOCK || os_error == EINTR;
}

HttpFailureKind kind_of(int os_error, bool connected) {
  switch (os_error) {
    case ECONNREFUSED:
      return HttpFailureKind::refused;
    case ETIMEDOUT:
      return HttpFailureKind::timeout;
    case ECONNRESET:
    case EPIPE:
      return HttpFailureKind::reset;
    default:
      return connected ? HttpFailureKind::reset : HttpFailureKind::unreachable;
  }
}

// "host:port" of an http URL without credentials.
std::string_view authority_of(std::string_view url) {
  url.remove_prefix(kScheme.size());
  return url.substr(0, url.find('/'));
}

// Nothing where that is no address.
std::optional<Endpoint> peer_of(const ExchangeRequest& request) {
  const Result<HostPort> peer = parse_host_port(
      request.connect_to.empty() ? authority_of(request.url) : request.connect_to, 80);
  if (!peer || !is_address_literal(peer->host)) return std::nullopt;
  return Endpoint{peer->host, peer->port};
}

std::string bytes_of(const ExchangeRequest& request) {
  const std::string_view authority = authority_of(request.url);
  const std::string_view path =
      std::string_view(request.url).substr(kScheme.size() + authority.size());
  std::string host(authority), headers;
  for (const auto& [name, value] : request.headers) {
    if (same_header_name(name, "Host"))
      host = value;
    else
      headers.append(name).append(": ").append(value).append("\r\n");
  }
  std::string bytes = request.method;
  bytes.append(" ").append(path).append(" HTTP/1.1\r\nHost: ").append(host).append("\r\n");
  return bytes.append(headers).append("Connection: close\r\n\r\n");
}

}  // namespace

bool PlainExchange::suits(const ExchangeRequest& request) {
  const bool method = request.method == "GET" || request.method == "HEAD";
  return method && request.body == nullptr && request.tls == nullptr && request.proxy.empty() &&
         request.version == ExchangeRequest::Version::http1 && request.url.starts_with(kScheme) &&
         peer_of(request).has_value();
}

PlainExchange::PlainExchange(EventLoop& loop, HttpExchange::Listener& listener,
                             ExchangeRequest request)
    : loop_(loop),
      listener_(listener),
      request_(std::move(request)),
      peer_(*peer_of(request_)),
      response_(
          request_.method == "HEAD" ? Http1Response::Body::none : Http1Response::Body::expected,
          *this),
      unsent_(bytes_of(request_)) {}

PlainExchange::~PlainExchange() {
  close();
}

void PlainExchange::start() {
  begun_ = loop_.now();
  const int failed = begin_connect({peer_, {}}, socket_);
  if (failed != 0) return break_off(failed);
  alarm_ = loop_.at(begun_ + request_.timeout, [this] { time_out(); });
  // On this machine the connection is there already, and needs not be waited for.
  transmit();
}

// Sends what is left of the request, as far as it goes, and waits for what comes next.
void PlainExchange::transmit() {
  const ssize_t size = send(socket_.get(), unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
  if (size < 0 && !would_block(errno)) return break_off(errno);
  if (size > 0) {
    unsent_.erase(0, static_cast<size_t>(size));
    if (!connected_) connected_ = loop_.now();
  }
  const uint32_t events = unsent_.empty() ? EPOLLIN : EPOLLIN | EPOLLOUT;
  loop_.watch(socket_.get(), events, [this](uint32_t ready) { on_ready(ready); });
}

// An answer may come before the request was sent wholly; then the rest is not wanted.
void PlainExchange::on_ready(uint32_t events) {
  if (!connected_) {
    if (const int failed = pending_error(socket_.get()); failed != 0) return break_off(failed);
    connected_ = loop_.now();
  }
  if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) return receive();
  transmit();
}

void PlainExchange::receive() {
  std::array<char, kPieceBytes> buffer;
  const size_t wanted = request_.piece_bytes > 0
                            ? std::min(static_cast<size_t>(request_.piece_bytes), buffer.size())
                            : buffer.size();
  const ssize_t size = recv(socket_.get(), buffer.data(), wanted, 0);
  if (size < 0 && would_block(errno)) return;
  if (size < 0) return break_off(errno);
  if (size > 0 && !first_byte_) first_byte_ = loop_.now();
  const auto progress =
      size == 0 ? response_.end() : response_.feed({buffer.data(), static_cast<size_t>(size)});
  switch (progress) {
    case Http1Response::Progress::more:
      return;
    case Http1Response::Progress::done:
    case Http1Response::Progress::refused:
      return finish(std::nullopt);
    case Http1Response::Progress::broken:
      const auto kind = size == 0 ? HttpFailureKind::reset : HttpFailureKind::protocol;
      return finish(failure(kind, response_.fault()));
  }
}

bool PlainExchange::take_head(const ResponseHead& head) {
  return listener_.on_head(head) == HttpExchange::Next::go_on;
}

bool PlainExchange::take_body(std::string_view piece) {
  return listener_.on_body(piece) == HttpExchange::Next::go_on;
}

HttpFailure PlainExchange::failure(HttpFailureKind kind, std::string message, int os_error) const {
  return {kind, std::move(message), os_error, connected_.has_value()};
}

void PlainExchange::break_off(int os_error) {
  const std::string what = connected_ ? "the connection to " + to_string(peer_) + " broke: "
                                      : "can't connect to " + to_string(peer_) + ": ";
  const HttpFailure why =
      failure(kind_of(os_error, connected_.has_value()),
              what + std::generic_category().message(os_error), connected_ ? 0 : os_error);
  close();
  alarm_ = loop_.at(loop_.now(), [this, why] { finish(why); });
}

void PlainExchange::time_out() {
  const std::string what = !connected_          ? "no connection to "
                           : !response_.began() ? "no answer from "
                                                : "no end of the answer from ";
  finish(failure(HttpFailureKind::timeout, what + to_string(peer_) + " within " +
                                               std::to_string(request_.timeout.count()) + " ms"));
}

void PlainExchange::finish(const std::optional<HttpFailure>& failure) {
  ended_ = loop_.now();
  close();
  listener_.on_end(failure);
}

void PlainExchange::close() {
  if (alarm_) loop_.cancel(*std::exchange(alarm_, std::nullopt));
  if (!socket_) return;
  loop_.unwatch(socket_.get());
  socket_.reset();
}

ExchangeTimes PlainExchange::times() const {
  const auto since = [this](SteadyTime time) { return TraceSeconds(time - begun_); };
  ExchangeTimes times;
  if (connected_) times.connected = times.sent = since(*connected_);
  if (first_byte_) times.first_byte = since(*first_byte_);
  times.end = since(ended_);
  return times;
}

}  // namespace selfheal
