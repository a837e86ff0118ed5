#include "exporter/probes/net/address_literal.h"

#include <arpa/inet.h>

namespace selfheal {

bool is_ipv6_literal(const std::string& host) {
  in6_addr ignored;
  return inet_pton(AF_INET6, host.c_str(), &ignored) == 1;
}

bool is_address_literal(const std::string& host) {
  in_addr ignored;
  return inet_pton(AF_INET, host.c_str(), &ignored) == 1 || is_ipv6_literal(host);
}

}  // namespace selfheal
