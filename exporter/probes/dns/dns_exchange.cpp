#include "exporter/probes/dns/dns_exchange.h"

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include <sys/socket.h>

#include "exporter/probes/net/socket_address.h"
#include "exporter/probes/net/tcp_connect.h"

namespace selfheal {
namespace {

constexpr size_t kLongestMessage = 65'535;

std::string with_length(const std::string& message) {
  const size_t size = message.size();
  return std::string{static_cast<char>(size >> 8U), static_cast<char>(size & 0xffU)} + message;
}

}  // namespace

// ---- UDP

UdpDnsExchange::~UdpDnsExchange() {
  if (socket_) loop_.unwatch(socket_.get());
}

// Connected: the kernel lets only the server's datagrams in, and reports its refusals.
int UdpDnsExchange::open() {
  const auto address = socket_address(server_);
  if (!address) return EADDRNOTAVAIL;
  socket_ = UniqueFd(socket(address->family(), SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket_) return errno;
  if (!source_.empty()) {
    const int error = bind_to_source(socket_.get(), source_);
    if (error != 0) return error;
  }
  return connect(socket_.get(), address->get(), address->size) == 0 ? 0 : errno;
}

Outcome<ProbeResult> UdpDnsExchange::start(const DnsQuery& query) {
  query_ = query;
  const int error = open();
  if (error != 0) return failure(error);
  loop_.watch(socket_.get(), EPOLLIN, [this](uint32_t) { read(); });
  asked_at_ = loop_.now();
  if (send(socket_.get(), query_.bytes.data(), query_.bytes.size(), 0) < 0) return failure(errno);
  return Done{};
}

// One datagram at a time, the callback last: it may destroy this.
void UdpDnsExchange::read() {
  std::array<char, kLongestMessage> message;
  const ssize_t got = recv(socket_.get(), message.data(), message.size(), 0);
  if (got < 0 && errno == EAGAIN) return;
  const Callback callback = callback_;
  if (got < 0) return callback(failure(errno));
  const std::string_view bytes(message.data(), static_cast<size_t>(got));
  if (answers_query(query_, bytes)) callback(std::string(bytes));
}

ProbeResult UdpDnsExchange::failure(int os_error) const {
  const std::string detail =
      to_string(server_) + " over UDP: " + std::generic_category().message(os_error);
  if (is_our_own_lack(os_error)) return inconclusive(detail);
  return not_connected(reason_of_connect_error(os_error), detail);
}

// ---- TCP

TcpDnsExchange::TcpDnsExchange(EventLoop& loop, UniqueFd connected, DnsOverTls over_tls,
                               Callback callback)
    : loop_(loop),
      over_tls_(std::move(over_tls)),
      callback_(std::move(callback)),
      stream_(loop, std::move(connected), [this](const StreamNews& news) { on_news(news); }) {}

Outcome<ProbeResult> TcpDnsExchange::start(const DnsQuery& query) {
  query_ = query;
  if (over_tls_.client == nullptr) return ask();
  return stream_.secure(over_tls_.client, over_tls_.server_name, over_tls_.tracing);
}

Outcome<ProbeResult> TcpDnsExchange::ask() {
  asked_at_ = loop_.now();
  return stream_.send(with_length(query_.bytes));
}

void TcpDnsExchange::on_news(const StreamNews& news) {
  if (news.secured) {
    if (const auto asked = ask(); !asked) return settle(asked.error());
  }
  buffer_ += news.bytes;
  const std::string_view come(buffer_);
  const size_t length =
      come.size() < 2
          ? kLongestMessage
          : static_cast<size_t>(static_cast<uint8_t>(come[0]) << 8 | static_cast<uint8_t>(come[1]));
  if (come.size() >= 2 + length) {
    std::string message(come.substr(2, length));
    if (answers_query(query_, message)) return settle(std::move(message));
    return settle(failed(ProbeReason::protocol, "the reply is none to the query"));
  }
  if (news.failure) return settle(*news.failure);
  if (news.ended)
    settle(failed(ProbeReason::protocol, "the server closed the connection without a reply"));
}

void TcpDnsExchange::settle(Result<std::string, ProbeResult> outcome) {
  const Callback callback = callback_;
  callback(std::move(outcome));
}

}  // namespace selfheal
