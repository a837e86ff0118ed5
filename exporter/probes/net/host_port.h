// "host:port" of a probe's target, taken apart as Go's net.SplitHostPort does. [pure]
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"

namespace selfheal {

struct HostPort {
  std::string host;  // without brackets; may be empty
  int port = 0;
  bool operator==(const HostPort&) const = default;
};

// "web:80", "127.0.0.1:80", "[::1]:80"
Result<HostPort> parse_host_port(std::string_view target);

// The same where the port may be left out: "ns1", "192.0.2.1:53", "::1", "[::1]".
Result<HostPort> parse_host_port(std::string_view target, int default_port);

}  // namespace selfheal
