// An address to listen on that is named by its network: "10.0.3.0/24:10115" is this machine's own
// address in there, IPv4. For a container on several networks that is to be reached on one of them:
// which address it will have is not known before it runs, and on a Swarm nor is it by name then.
//
// Any other address is left as it is. The error says which addresses there are, or why none is
// known.
#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"

namespace selfheal {

// [pure] That what is named as a network is one, whether or not this machine has an address in it.
// The error names the flag.
Outcome<> check_networks(const std::vector<std::string>& listen_addresses);

Result<std::string> with_own_address(const std::string& listen_address);

// [pure] The same, of these addresses.
Result<std::string> with_own_address(const std::string& listen_address,
                                     const std::vector<std::string>& own);

}  // namespace selfheal
