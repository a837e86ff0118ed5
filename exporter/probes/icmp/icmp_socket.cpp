#include "exporter/probes/icmp/icmp_socket.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <random>
#include <system_error>
#include <utility>

#include <arpa/inet.h>
#include <linux/errqueue.h>
#include <linux/icmp.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "exporter/probes/icmp/icmp_message.h"
#include "exporter/probes/net/tcp_connect.h"

namespace selfheal {
namespace {

// Answers wait here while a batch of probes starts.
constexpr int kReceiveBuffer = 4 << 20;
constexpr int kAtOnce = 256;
constexpr size_t kLongestPacket = 65'536;
// Another's error may be told to whoever sends next, once each.
constexpr int kSendAttempts = 4;

int family_of(IpProtocol ip) {
  return ip == IpProtocol::ip4 ? AF_INET : AF_INET6;
}

std::string message_of(int os_error) {
  return std::generic_category().message(os_error);
}

int set_option(int fd, int level, int name, int value) {
  return setsockopt(fd, level, name, &value, sizeof(value)) == 0 ? 0 : errno;
}

// Echo replies only: a raw socket would see all that the host gets. Errors come as such.
int filter_raw(int fd, IpProtocol ip) {
  if (ip == IpProtocol::ip4) {
    const icmp_filter filter{~(1U << ICMP_ECHOREPLY)};
    return setsockopt(fd, SOL_RAW, ICMP_FILTER, &filter, sizeof(filter)) == 0 ? 0 : errno;
  }
  icmp6_filter filter;
  ICMP6_FILTER_SETBLOCKALL(&filter);
  ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &filter);
  return setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &filter, sizeof(filter)) == 0 ? 0 : errno;
}

int ask_for_answers(int fd, IpProtocol ip) {
  const bool v4 = ip == IpProtocol::ip4;
  const int level = v4 ? IPPROTO_IP : IPPROTO_IPV6;
  const int failed = set_option(fd, level, v4 ? IP_RECVERR : IPV6_RECVERR, 1);
  return failed != 0 ? failed : set_option(fd, level, v4 ? IP_RECVTTL : IPV6_RECVHOPLIMIT, 1);
}

uint16_t port_of(const SocketAddress& address) {
  if (address.family() == AF_INET)
    return ntohs(reinterpret_cast<const sockaddr_in*>(&address.storage)->sin_port);
  return ntohs(reinterpret_cast<const sockaddr_in6*>(&address.storage)->sin6_port);
}

// What a datagram socket's echo requests carry as their id: the kernel sees to that.
uint16_t id_from_kernel(int fd) {
  SocketAddress own;
  own.size = sizeof(own.storage);
  return getsockname(fd, own.get(), &own.size) == 0 ? port_of(own) : uint16_t{0};
}

std::string text_of(const sockaddr* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* host = nullptr;
  if (address->sa_family == AF_INET)
    host = &reinterpret_cast<const sockaddr_in*>(address)->sin_addr;
  else if (address->sa_family == AF_INET6)
    host = &reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr;
  if (host == nullptr || inet_ntop(address->sa_family, host, text.data(), text.size()) == nullptr)
    return "";
  return text.data();
}

// A received datagram with what the kernel tells beside it.
class Datagram {
 public:
  Datagram() {
    part_ = {bytes_.data(), bytes_.size()};
    message_.msg_iov = &part_;
    message_.msg_iovlen = 1;
  }

  // 0 or the errno.
  int receive(int fd, int flags) {
    message_.msg_name = &from.storage;
    message_.msg_namelen = sizeof(from.storage);
    message_.msg_control = control_.data();
    message_.msg_controllen = control_.size();
    const ssize_t got = recvmsg(fd, &message_, flags);
    if (got < 0) return errno;
    from.size = message_.msg_namelen;
    bytes = std::string_view(bytes_.data(), static_cast<size_t>(got));
    return 0;
  }

  // Null when it is not there. Points into this.
  const void* told(int level, int type) const {
    for (const cmsghdr* at = CMSG_FIRSTHDR(&message_); at != nullptr;
         at = CMSG_NXTHDR(const_cast<msghdr*>(&message_), const_cast<cmsghdr*>(at))) {
      if (at->cmsg_level == level && at->cmsg_type == type) return CMSG_DATA(at);
    }
    return nullptr;
  }

  SocketAddress from;
  std::string_view bytes;

 private:
  std::array<char, kLongestPacket> bytes_;
  alignas(cmsghdr) std::array<char, 512> control_;
  iovec part_{};
  msghdr message_{};
};

std::optional<int> hop_limit_of(const Datagram& datagram, IpProtocol ip) {
  const void* told = ip == IpProtocol::ip4 ? datagram.told(IPPROTO_IP, IP_TTL)
                                           : datagram.told(IPPROTO_IPV6, IPV6_HOPLIMIT);
  if (told == nullptr) return std::nullopt;
  int limit = 0;
  std::memcpy(&limit, told, sizeof(limit));
  return limit;
}

// Nothing for errors that are the kernel's own, that quote another's request, or that lose nothing.
std::optional<EchoAnswer> error_in(const Datagram& datagram, IpProtocol ip, uint16_t id) {
  const auto* error = static_cast<const sock_extended_err*>(
      ip == IpProtocol::ip4 ? datagram.told(IPPROTO_IP, IP_RECVERR)
                            : datagram.told(IPPROTO_IPV6, IPV6_RECVERR));
  if (error == nullptr || error->ee_origin == SO_EE_ORIGIN_LOCAL) return std::nullopt;
  const auto text = icmp_error_text(ip, error->ee_type, error->ee_code);
  const auto quoted = parse_quoted_request(ip, datagram.bytes);
  if (!text || !quoted || quoted->id != id) return std::nullopt;
  EchoAnswer answer;
  answer.host = datagram.from;
  answer.sequence = quoted->sequence;
  answer.error = text_of(SO_EE_OFFENDER(error)) + " reports: " + *text;
  return answer;
}

ProbeResult without_socket(int datagram_error, int raw_error) {
  if (datagram_error == EAFNOSUPPORT || raw_error == EAFNOSUPPORT)
    return failed(ProbeReason::unreachable,
                  "no socket for ICMP: this machine does not have this IP version");
  if (is_our_own_lack(datagram_error))
    return inconclusive("no socket for ICMP: " + message_of(datagram_error));
  return inconclusive(
      "no socket for ICMP (ping socket: " + message_of(datagram_error) +
      "; raw socket: " + message_of(raw_error) +
      "): let the sysctl net.ipv4.ping_group_range include the group of this process, or "
      "give it the capability CAP_NET_RAW");
}

}  // namespace

Result<IcmpSocket, ProbeResult> IcmpSocket::open(IpProtocol ip, const std::string& source) {
  const int protocol = ip == IpProtocol::ip4 ? int{IPPROTO_ICMP} : int{IPPROTO_ICMPV6};
  constexpr int kFlags = SOCK_NONBLOCK | SOCK_CLOEXEC;
  Kind kind = Kind::datagram;
  UniqueFd fd(socket(family_of(ip), SOCK_DGRAM | kFlags, protocol));
  if (!fd) {
    const int datagram_error = errno;
    kind = Kind::raw;
    fd = UniqueFd(socket(family_of(ip), SOCK_RAW | kFlags, protocol));
    if (!fd) return without_socket(datagram_error, errno);
  }
  IcmpSocket opened(ip, kind, std::move(fd));
  const int error = opened.prepare(source);
  if (error == 0) return opened;
  if (source.empty() || is_our_own_lack(error))
    return inconclusive("a socket for ICMP can't be set up: " + message_of(error));
  return failed(ProbeReason::unreachable, "source_ip_address " + source + ": " + message_of(error));
}

IcmpSocket::IcmpSocket(IpProtocol ip, Kind kind, UniqueFd fd)
    : ip_(ip), kind_(kind), fd_(std::move(fd)) {}

int IcmpSocket::prepare(const std::string& source) {
  const std::string any = ip_ == IpProtocol::ip4 ? "0.0.0.0" : "::";
  const auto from = socket_address({source.empty() ? any : source, 0});
  if (!from || from->family() != family_of(ip_)) return EAFNOSUPPORT;
  if (bind(fd_.get(), from->get(), from->size) != 0) return errno;
  std::random_device random;
  id_ = kind_ == Kind::datagram ? id_from_kernel(fd_.get()) : static_cast<uint16_t>(random());
  token_ = std::to_string(random()) + " selfheal-exporter";
  // As far as the machine allows.
  set_option(fd_.get(), SOL_SOCKET, SO_RCVBUF, kReceiveBuffer);
  set_option(fd_.get(), SOL_SOCKET, SO_RCVBUFFORCE, kReceiveBuffer);
  if (const int failed = ask_for_answers(fd_.get(), ip_); failed != 0) return failed;
  return kind_ == Kind::raw ? filter_raw(fd_.get(), ip_) : 0;
}

int IcmpSocket::set_options(const EchoRequest& request) {
  const bool v4 = ip_ == IpProtocol::ip4;
  int failed = 0;
  if (ttl_ != request.ttl) {
    constexpr int kKernels = -1;
    failed = set_option(fd_.get(), v4 ? IPPROTO_IP : IPPROTO_IPV6, v4 ? IP_TTL : IPV6_UNICAST_HOPS,
                        request.ttl == 0 ? kKernels : request.ttl);
    if (failed == 0) ttl_ = request.ttl;
  }
  if (failed == 0 && v4 && dont_fragment_ != request.dont_fragment) {
    // PROBE: also where a smaller path is known of already, the packet shall tell.
    failed = set_option(fd_.get(), IPPROTO_IP, IP_MTU_DISCOVER,
                        request.dont_fragment ? IP_PMTUDISC_PROBE : IP_PMTUDISC_DONT);
    if (failed == 0) dont_fragment_ = request.dont_fragment;
  }
  return failed;
}

std::string IcmpSocket::payload_of(size_t size) const {
  std::string payload = token_;
  payload.resize(size, ' ');
  return payload;
}

int IcmpSocket::send(const EchoRequest& request) {
  if (const int failed = set_options(request); failed != 0) return failed;
  const std::string message =
      echo_request(ip_, {id_, request.sequence, payload_of(request.payload_size)});
  int failed = 0;
  for (int attempt = 0; attempt < kSendAttempts; ++attempt) {
    const ssize_t sent =
        sendto(fd_.get(), message.data(), message.size(), 0, request.host.get(), request.host.size);
    if (sent >= 0) return 0;
    failed = errno;
    if (failed == EAGAIN || failed == ENOBUFS) break;
  }
  return failed;
}

std::optional<EchoAnswer> IcmpSocket::reply_in(std::string_view bytes) const {
  const bool with_header = kind_ == Kind::raw && ip_ == IpProtocol::ip4;
  const auto echo = parse_echo_reply(ip_, with_header ? without_ipv4_header(bytes) : bytes);
  if (!echo || echo->id != id_ || echo->payload != payload_of(echo->payload.size()))
    return std::nullopt;
  EchoAnswer answer;
  answer.sequence = echo->sequence;
  answer.payload_size = echo->payload.size();
  return answer;
}

std::vector<EchoAnswer> IcmpSocket::receive() {
  std::vector<EchoAnswer> answers;
  Datagram datagram;
  for (int i = 0; i < kAtOnce && datagram.receive(fd_.get(), MSG_ERRQUEUE) == 0; ++i) {
    if (auto answer = error_in(datagram, ip_, id_)) answers.push_back(std::move(*answer));
  }
  for (int i = 0; i < kAtOnce; ++i) {
    const int failed = datagram.receive(fd_.get(), 0);
    if (failed == EAGAIN) break;
    if (failed != 0) continue;  // an error that the queue told, or will tell
    auto answer = reply_in(datagram.bytes);
    if (!answer) continue;
    answer->host = datagram.from;
    answer->hop_limit = hop_limit_of(datagram, ip_);
    answers.push_back(std::move(*answer));
  }
  return answers;
}

}  // namespace selfheal
