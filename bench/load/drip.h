// Clients without a token that hold connections open and give a byte a second, or nothing: a third
// of them says nothing at all, a third drips its headers, a third a body. Whoever is cut comes back
// at once.
#pragma once

#include <chrono>
#include <cstdint>

namespace selfheal::bench {

struct DripCounts {
  uint64_t opened = 0;  // connections
  uint64_t cut = 0;     // of these, by the server
};

// Returns after `duration`.
DripCounts drip(uint16_t port, int clients, std::chrono::nanoseconds duration);

}  // namespace selfheal::bench
