#include "tests/exporter/stub_dns_server.h"

#include <array>
#include <cerrno>
#include <system_error>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include "tests/support/sockets.h"

namespace selfheal {
namespace {

constexpr size_t kHeader = 12;

std::string u16(int value) {
  return {static_cast<char>(value >> 8), static_cast<char>(value)};
}
std::string u32(uint32_t value) {
  return u16(static_cast<int>(value >> 16)) + u16(static_cast<int>(value & 0xffff));
}
int u16_at(const std::string& bytes, size_t at) {
  return static_cast<uint8_t>(bytes.at(at)) << 8 | static_cast<uint8_t>(bytes.at(at + 1));
}

// The name of the question, its type and class.
std::string question_of(const std::string& query) {
  size_t end = kHeader;
  while (query.at(end) != 0) end += 1 + static_cast<uint8_t>(query[end]);
  return query.substr(kHeader, end + 5 - kHeader);
}

std::string wire(const std::vector<StubRecord>& records) {
  std::string bytes;
  for (const StubRecord& record : records) {
    bytes += record.name + u16(record.type) + u16(1) + u32(record.ttl) +
             u16(static_cast<int>(record.data.size())) + record.data;
  }
  return bytes;
}

std::string address_data(int family, const std::string& literal, size_t size) {
  std::string bytes(size, '\0');
  if (inet_pton(family, literal.c_str(), bytes.data()) != 1)
    throw std::invalid_argument("no address: " + literal);
  return bytes;
}

sockaddr_in loopback(uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

bool bind_udp(const UniqueFd& fd, uint16_t port) {
  const sockaddr_in address = loopback(port);
  return bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
}

}  // namespace

StubDnsServer::StubDnsServer(Answer answer)
    : answer_(std::move(answer)), stop_(eventfd(0, EFD_CLOEXEC)) {
  // The port that TCP got may be taken for UDP: then another one.
  do {
    tcp_ = listen_tcp();
    port_ = port_of(tcp_);
    udp_ = UniqueFd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  } while (!bind_udp(udp_, port_));
  thread_ = std::thread([this] { serve(); });
}

StubDnsServer::~StubDnsServer() {
  const uint64_t one = 1;
  if (write(stop_.get(), &one, sizeof(one)) != sizeof(one)) std::abort();
  thread_.join();
}

int StubDnsServer::udp_queries() const {
  const std::lock_guard lock(mutex_);
  return udp_queries_;
}

int StubDnsServer::tcp_queries() const {
  const std::lock_guard lock(mutex_);
  return tcp_queries_;
}

void StubDnsServer::serve() {
  for (;;) {
    std::array<pollfd, 3> ready{
        {{stop_.get(), POLLIN, 0}, {udp_.get(), POLLIN, 0}, {tcp_.get(), POLLIN, 0}}};
    if (poll(ready.data(), ready.size(), -1) < 0 || ready[0].revents != 0) return;
    if (ready[1].revents != 0) serve_datagram();
    if (ready[2].revents != 0) serve_connection();
  }
}

void StubDnsServer::serve_datagram() {
  std::string query(65536, '\0');
  sockaddr_in peer{};
  socklen_t size = sizeof(peer);
  auto* address = reinterpret_cast<sockaddr*>(&peer);
  const ssize_t got = recvfrom(udp_.get(), query.data(), query.size(), 0, address, &size);
  if (got < 0) return;
  query.resize(static_cast<size_t>(got));
  {
    const std::lock_guard lock(mutex_);
    ++udp_queries_;
  }
  for (const std::string& reply : answer_(query))
    sendto(udp_.get(), reply.data(), reply.size(), 0, address, size);
}

void StubDnsServer::serve_connection() {
  const UniqueFd connection(accept(tcp_.get(), nullptr, nullptr));
  std::string bytes;
  while (bytes.size() < 2 || bytes.size() < 2 + static_cast<size_t>(u16_at(bytes, 0))) {
    if (!receive_some(connection, bytes)) return;
  }
  {
    const std::lock_guard lock(mutex_);
    ++tcp_queries_;
  }
  for (const std::string& reply : answer_(bytes.substr(2)))
    send_all(connection, u16(static_cast<int>(reply.size())) + reply);
  receive_some(connection, bytes);  // until the peer is done
}

std::string ipv4_data(const std::string& literal) {
  return address_data(AF_INET, literal, 4);
}

std::string ipv6_data(const std::string& literal) {
  return address_data(AF_INET6, literal, 16);
}

std::string dns_name(const std::string& name) {
  std::string bytes;
  for (size_t from = 0; from < name.size();) {
    const size_t dot = std::min(name.find('.', from), name.size());
    bytes += static_cast<char>(dot - from) + name.substr(from, dot - from);
    from = dot + 1;
  }
  return bytes + '\0';
}

std::string reply_to(const std::string& query, const StubReply& reply) {
  // Response, recursion desired and available.
  const int flags = 0x8180 | (reply.truncated ? 0x0200 : 0) | reply.rcode;
  return query.substr(0, 2) + u16(flags) + u16(1) + u16(static_cast<int>(reply.answer.size())) +
         u16(static_cast<int>(reply.authority.size())) +
         u16(static_cast<int>(reply.additional.size())) + question_of(query) + wire(reply.answer) +
         wire(reply.authority) + wire(reply.additional);
}

int question_type(const std::string& query) {
  const std::string question = question_of(query);
  return u16_at(question, question.size() - 4);
}

std::string question_name(const std::string& query) {
  std::string name;
  for (size_t at = kHeader; query.at(at) != 0; at += 1 + static_cast<uint8_t>(query[at]))
    name += query.substr(at + 1, static_cast<uint8_t>(query[at])) + ".";
  return name;
}

}  // namespace selfheal
