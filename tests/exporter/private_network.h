// The rest of this process in a network namespace of its own, with nothing in it but loopback,
// where a test may do as it likes. Vanishes with the process.
#pragma once

#include <string>

namespace selfheal {

// To be called before any other thread exists. Empty when it went well, else why not.
std::string enter_private_network();

// Writes below /proc/sys/net of the private network: "ipv4/icmp_echo_ignore_all", "1".
void set_network_option(const std::string& name, const std::string& value);

}  // namespace selfheal
