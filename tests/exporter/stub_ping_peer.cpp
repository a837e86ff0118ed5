#include "tests/exporter/stub_ping_peer.h"

#include <array>
#include <cstdint>
#include <cstdlib>

#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include "exporter/probes/net/socket_address.h"
#include "tests/exporter/private_network.h"

namespace selfheal {
namespace {

constexpr size_t kHeader4 = 20;
constexpr size_t kHeader6 = 40;
constexpr uint8_t kRequest4 = 8;
constexpr uint8_t kRequest6 = 128;

bool is_v4(IpProtocol ip) {
  return ip == IpProtocol::ip4;
}

void answer_of_kernel(IpProtocol ip, const char* ignored) {
  set_network_option(is_v4(ip) ? "ipv4/icmp_echo_ignore_all" : "ipv6/icmp/echo_ignore_all",
                     ignored);
}

UniqueFd raw_socket(IpProtocol ip) {
  return UniqueFd(is_v4(ip) ? socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP)
                            : socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMPV6));
}

// From ::1 to ::1, which a raw socket leaves out.
std::string header6(size_t payload) {
  std::string header = {
      0x60,           0, 0, 0, static_cast<char>(payload >> 8), static_cast<char>(payload),
      IPPROTO_ICMPV6, 64};
  const std::string loopback = std::string(15, '\0') + '\x01';
  return header + loopback + loopback;
}

std::string with_checksum(std::string message) {
  message[2] = message[3] = 0;
  uint32_t sum = 0;
  for (size_t at = 0; at < message.size(); ++at)
    sum += static_cast<uint32_t>(static_cast<uint8_t>(message[at])) << (at % 2 == 0 ? 8U : 0U);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  message[2] = static_cast<char>(~sum >> 8 & 0xff);
  message[3] = static_cast<char>(~sum & 0xff);
  return message;
}

}  // namespace

StubPingPeer::StubPingPeer(IpProtocol ip, Answer answer)
    : ip_(ip), answer_(std::move(answer)), socket_(raw_socket(ip)), stop_(eventfd(0, EFD_CLOEXEC)) {
  if (!socket_) throw std::runtime_error("no raw socket");
  answer_of_kernel(ip_, "1");
  thread_ = std::thread([this] { serve(); });
}

StubPingPeer::~StubPingPeer() {
  const uint64_t one = 1;
  if (write(stop_.get(), &one, sizeof(one)) != sizeof(one)) std::abort();
  thread_.join();
  answer_of_kernel(ip_, "0");
}

void StubPingPeer::serve() {
  for (;;) {
    std::array<pollfd, 2> ready{{{stop_.get(), POLLIN, 0}, {socket_.get(), POLLIN, 0}}};
    if (poll(ready.data(), ready.size(), -1) < 0 || ready[0].revents != 0) return;
    std::string packet(65'536, '\0');
    const ssize_t got = recv(socket_.get(), packet.data(), packet.size(), 0);
    if (got <= 0) continue;
    packet.resize(static_cast<size_t>(got));
    const size_t header = is_v4(ip_) ? kHeader4 : 0;
    if (packet.size() <= header) continue;
    if (static_cast<uint8_t>(packet[header]) != (is_v4(ip_) ? kRequest4 : kRequest6)) continue;
    if (!is_v4(ip_)) packet = header6(packet.size()) + packet;
    for (const StubPingAnswer& answer : answer_(packet)) send(answer);
  }
}

// On a socket of its own, bound to the address that it shall come from.
void StubPingPeer::send(const StubPingAnswer& answer) const {
  const std::string loopback = is_v4(ip_) ? "127.0.0.1" : "::1";
  const UniqueFd socket = raw_socket(ip_);
  if (bind_to_source(socket.get(), answer.from.empty() ? loopback : answer.from) != 0) std::abort();
  if (is_v4(ip_))
    setsockopt(socket.get(), IPPROTO_IP, IP_TTL, &answer.ttl, sizeof(answer.ttl));
  else
    setsockopt(socket.get(), IPPROTO_IPV6, IPV6_UNICAST_HOPS, &answer.ttl, sizeof(answer.ttl));
  const auto to = socket_address({loopback, 0});
  const std::string message = is_v4(ip_) ? with_checksum(answer.message) : answer.message;
  sendto(socket.get(), message.data(), message.size(), 0, to->get(), to->size);
}

std::string ping_reply(IpProtocol ip, const std::string& packet) {
  std::string reply = packet.substr(is_v4(ip) ? kHeader4 : kHeader6);
  reply[0] = static_cast<char>(is_v4(ip) ? 0 : 129);
  return reply;
}

std::string ping_error(int type, int code, const std::string& packet) {
  return std::string{static_cast<char>(type), static_cast<char>(code)} + std::string(6, '\0') +
         packet;
}

}  // namespace selfheal
