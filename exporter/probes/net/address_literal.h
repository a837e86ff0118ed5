// Hosts that are IP addresses already. IPv6 without brackets.
#pragma once

#include <string>

namespace selfheal {

bool is_address_literal(const std::string& host);
bool is_ipv6_literal(const std::string& host);

}  // namespace selfheal
