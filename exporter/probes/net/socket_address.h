// An address literal and a port as the kernel wants them.
#pragma once

#include <optional>
#include <string>

#include <sys/socket.h>

#include "exporter/probes/probe.h"

namespace selfheal {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  int family() const { return storage.ss_family; }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

// Nothing when the address is no literal.
std::optional<SocketAddress> socket_address(const Endpoint& endpoint);

// Binds `fd` to a module's source_ip_address at a port of the kernel's choice; 0 or the errno.
int bind_to_source(int fd, const std::string& source_ip_address);

// Whether the host parts are the same.
bool same_host(const SocketAddress& one, const SocketAddress& other);

}  // namespace selfheal
