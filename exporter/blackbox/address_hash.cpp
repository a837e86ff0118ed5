#include "exporter/blackbox/address_hash.h"

#include <cstddef>

#include <arpa/inet.h>
#include <netinet/in.h>

namespace selfheal {
namespace {

uint32_t fnv1a(const void* data, size_t size) {
  uint32_t hash = 2166136261U;
  for (size_t i = 0; i < size; ++i)
    hash = (hash ^ static_cast<const unsigned char*>(data)[i]) * 16777619U;
  return hash;
}

}  // namespace

uint32_t address_hash(const std::string& literal) {
  in_addr v4{};
  if (inet_pton(AF_INET, literal.c_str(), &v4) == 1) return fnv1a(&v4, sizeof v4);
  in6_addr v6{};
  if (inet_pton(AF_INET6, literal.substr(0, literal.find('%')).c_str(), &v6) != 1) return 0;
  // An IPv4 address is the same one in IPv6's clothes.
  if (IN6_IS_ADDR_V4MAPPED(&v6)) return fnv1a(&v6.s6_addr[12], 4);
  return fnv1a(&v6, sizeof v6);
}

}  // namespace selfheal
