// A socket for echo requests to many hosts at once, of one family and from one source address.
//
// An unprivileged ping socket where net.ipv4.ping_group_range admits the process, else a raw
// socket, which takes CAP_NET_RAW. Non-blocking; belongs to one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/base/unique_fd.h"
#include "exporter/modules/module.h"
#include "exporter/probes/net/socket_address.h"
#include "exporter/probes/probe.h"

namespace selfheal {

struct EchoRequest {
  SocketAddress host;
  uint16_t sequence = 0;
  size_t payload_size = 0;
  int ttl = 0;                 // 0: the kernel's
  bool dont_fragment = false;  // of IPv4
};

// What came back for an echo request of this socket.
struct EchoAnswer {
  SocketAddress host;  // that answered; of an error the one that was asked
  uint16_t sequence = 0;
  // Of a reply.
  size_t payload_size = 0;
  std::optional<int> hop_limit;
  // Of an ICMP error instead: what it says and who, for a person.
  std::string error;
};

class IcmpSocket {
 public:
  // `source` empty: the kernel's choice. The error is the result of a probe that needed it:
  // inconclusive where this process may not ping, or lacks what it takes; it tells a person what to
  // allow.
  static Result<IcmpSocket, ProbeResult> open(IpProtocol ip, const std::string& source);

  int fd() const { return fd_.get(); }
  uint16_t id() const { return id_; }
  // 0 or the errno. Costs system calls beyond the one only where the options change.
  int send(const EchoRequest& request);
  // What is there, up to a bound: the socket stays readable when there is more.
  std::vector<EchoAnswer> receive();

 private:
  enum class Kind { datagram, raw };
  IcmpSocket(IpProtocol ip, Kind kind, UniqueFd fd);
  int prepare(const std::string& source);
  int set_options(const EchoRequest& request);
  std::string payload_of(size_t size) const;
  std::optional<EchoAnswer> reply_in(std::string_view bytes) const;

  IpProtocol ip_;
  Kind kind_;
  UniqueFd fd_;
  uint16_t id_ = 0;
  std::string token_;  // with which the payload begins: tells our replies from others'
  std::optional<int> ttl_;
  std::optional<bool> dont_fragment_;
};

}  // namespace selfheal
