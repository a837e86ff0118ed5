// What answers echo requests on loopback instead of the kernel: a test writes the answers, right or
// wrong. In a private network only, of which it switches off the kernel's own answers.
#pragma once

#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "common/base/unique_fd.h"
#include "exporter/modules/module.h"

namespace selfheal {

struct StubPingAnswer {
  std::string message;  // ICMP; the checksum is filled in
  std::string from;     // the address that it comes from; empty: 127.0.0.1 or ::1
  int ttl = 64;
};

class StubPingPeer {
 public:
  // On the peer's thread. `packet`: with its IP header, also over IPv6.
  using Answer = std::function<std::vector<StubPingAnswer>(const std::string& packet)>;

  StubPingPeer(IpProtocol ip, Answer answer);
  ~StubPingPeer();

 private:
  void serve();
  void send(const StubPingAnswer& answer) const;

  const IpProtocol ip_;
  const Answer answer_;
  UniqueFd socket_, stop_;
  std::thread thread_;
};

// The echo reply to a packet from the peer.
std::string ping_reply(IpProtocol ip, const std::string& packet);
// An ICMP error that quotes it.
std::string ping_error(int type, int code, const std::string& packet);

}  // namespace selfheal
