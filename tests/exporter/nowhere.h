// An address on loopback that does not answer.
#pragma once

#include <array>
#include <cstdlib>

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "common/base/unique_fd.h"
#include "exporter/probes/probe.h"

namespace selfheal {

// An address where a connection neither comes about nor is refused: the listener's queue is full,
// so that the kernel drops what else arrives.
class Nowhere {
 public:
  Nowhere() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    sockaddr_in address = loopback(0);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof(address);
    if (bind(listener_.get(), generic, size) != 0 || listen(listener_.get(), 0) != 0 ||
        getsockname(listener_.get(), generic, &size) != 0)
      std::abort();
    endpoint_ = {"127.0.0.1", ntohs(address.sin_port)};
    hang();
  }
  const Endpoint& endpoint() const { return endpoint_; }

  // Connections come about, as at any other address.
  void answer() {
    for (UniqueFd& client : clients_) client = UniqueFd();
    take_at_most(16);
    while (UniqueFd(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC)).get() >= 0) {
    }
  }
  // As at first.
  void hang() {
    take_at_most(0);
    const sockaddr_in address = loopback(endpoint_.port);
    for (UniqueFd& client : clients_) {
      client = UniqueFd(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
      [[maybe_unused]] const int begun =
          connect(client.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address));
    }
  }

 private:
  void take_at_most(int waiting) {
    if (listen(listener_.get(), waiting) != 0) std::abort();
  }
  static sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<uint16_t>(port));
    return address;
  }

  UniqueFd listener_;
  std::array<UniqueFd, 8> clients_;
  Endpoint endpoint_;
};

}  // namespace selfheal
