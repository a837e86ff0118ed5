// Whether an app of this kind is healthy, asked from the outside: for `sample-app --healthcheck`,
// Docker's HEALTHCHECK (the image has no shell and no curl that could), and for UPSTREAM, the app
// that another one needs.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sample_app {

struct Peer {
  std::string host;  // a name or an address
  std::string port;
};

// "db:8080"; nothing for anything else.
std::optional<Peer> parse_peer(std::string_view text);

// Whether its /health answered 200 in time. Looking up a name is not part of that time.
bool is_healthy(const Peer& peer, std::chrono::milliseconds patience);

}  // namespace sample_app
