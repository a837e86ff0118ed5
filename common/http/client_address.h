// Who has come, by the address that the server tells.
#pragma once

#include <string>

namespace selfheal {

// For counting: IPv4 as it is, also when it comes over a socket of IPv6; of IPv6 the first 64 bits,
// "2001:db8::/64", for who has one address has them all. What is none comes back as it is.
std::string client_of(const std::string& address);

// Whether an address, or what client_of() made of it, is one of 127.0.0.0/8 or ::1.
bool is_loopback(const std::string& address);

}  // namespace selfheal
