// Addresses that flags give, checked and as they are used.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/result.h"

namespace selfheal {

// [pure] http:// or https:// with a host, without slashes at its end. The error names the flag.
Result<std::string> base_url(const std::string& flag, const std::string& text);
// The same for a flag that may be left out: empty stays empty.
Result<std::string> optional_base_url(const std::string& flag, const std::string& text);
Result<std::vector<std::string>> base_urls(const std::string& flag,
                                           const std::vector<std::string>& texts);

// [pure] The same address for logs: http://user:***@host.
std::string without_password(const std::string& url);

// [pure] The host of such a base address, without user, brackets and port.
std::string host_of(const std::string& url);

// [pure] Without a token only this machine may speak to it: ":10116" becomes "127.0.0.1:10116", and
// an address that others can reach is an error.
Result<std::vector<std::string>> loopback_only(const std::vector<std::string>& addresses);

// Where people reach a port of this machine, as far as it knows its own name.
std::string own_url(const std::string& scheme, uint16_t port);

}  // namespace selfheal
