// Hosts that are IP addresses already. IPv6 without brackets.
#pragma once

#include <optional>
#include <string>

#include "exporter/probes/net/name_resolver.h"

namespace selfheal {

bool is_address_literal(const std::string& host);
bool is_ipv6_literal(const std::string& host);

// What a NameResolver would answer for `host`, where that needs no look-up. A literal of a family
// that `ip` rules out is left to the resolver, which has the words for it.
std::optional<ResolvedAddress> resolved_literal(const std::string& host, const IpPreference& ip);

}  // namespace selfheal
