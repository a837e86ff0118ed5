#include "common/http/client_address.h"

#include <algorithm>
#include <array>

#include <arpa/inet.h>
#include <netinet/in.h>

namespace selfheal {
namespace {

std::string text_of(const in6_addr& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(AF_INET6, &address, text.data(), text.size());
  return text.data();
}

}  // namespace

std::string client_of(const std::string& address) {
  // "[fe80::1%eth0]"
  std::string bare = address.substr(0, address.find_first_of("%]"));
  bare.erase(0, bare.starts_with('[') ? 1 : 0);
  in6_addr v6{};
  if (inet_pton(AF_INET6, bare.c_str(), &v6) != 1) return address;
  if (IN6_IS_ADDR_V4MAPPED(&v6)) {
    std::array<char, INET_ADDRSTRLEN> v4{};
    inet_ntop(AF_INET, &v6.s6_addr[12], v4.data(), v4.size());
    return v4.data();
  }
  if (IN6_IS_ADDR_LOOPBACK(&v6)) return text_of(v6);
  std::fill_n(&v6.s6_addr[8], 8, uint8_t{0});
  return text_of(v6) + "/64";
}

bool is_loopback(const std::string& address) {
  const std::string client = client_of(address);
  in_addr v4{};
  if (inet_pton(AF_INET, client.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  return client == "::1";
}

}  // namespace selfheal
