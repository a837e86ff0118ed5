#include "exporter/probes/net/socket_address.h"

#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>

namespace selfheal {

std::optional<SocketAddress> socket_address(const Endpoint& endpoint) {
  SocketAddress address;
  const auto port = htons(static_cast<uint16_t>(endpoint.port));
  auto* v4 = reinterpret_cast<sockaddr_in*>(&address.storage);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
  if (inet_pton(AF_INET, endpoint.address.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = port;
    address.size = sizeof(sockaddr_in);
  } else if (inet_pton(AF_INET6, endpoint.address.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = port;
    address.size = sizeof(sockaddr_in6);
  } else {
    return std::nullopt;
  }
  return address;
}

int bind_to_source(int fd, const std::string& source_ip_address) {
  const auto source = socket_address({source_ip_address, 0});
  if (!source) return EADDRNOTAVAIL;
  return bind(fd, source->get(), source->size) == 0 ? 0 : errno;
}

bool same_host(const SocketAddress& one, const SocketAddress& other) {
  if (one.family() != other.family()) return false;
  if (one.family() == AF_INET) {
    const auto* left = reinterpret_cast<const sockaddr_in*>(&one.storage);
    const auto* right = reinterpret_cast<const sockaddr_in*>(&other.storage);
    return left->sin_addr.s_addr == right->sin_addr.s_addr;
  }
  const auto* left = reinterpret_cast<const sockaddr_in6*>(&one.storage);
  const auto* right = reinterpret_cast<const sockaddr_in6*>(&other.storage);
  return std::memcmp(&left->sin6_addr, &right->sin6_addr, sizeof(in6_addr)) == 0;
}

}  // namespace selfheal
