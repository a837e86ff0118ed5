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

std::optional<ResolvedAddress> resolved_literal(const std::string& host, const IpPreference& ip) {
  if (!is_address_literal(host)) return std::nullopt;
  const bool ipv6 = host.find(':') != std::string::npos;
  if (!ip.fallback && ipv6 != (ip.preferred == IpProtocol::ip6)) return std::nullopt;
  return ResolvedAddress{host, ipv6, TraceSeconds(0)};
}

}  // namespace selfheal
