// A decision as the journal keeps it, with the facts it was made from. [pure]
#pragma once

#include <string>
#include <string_view>

#include "common/base/clock.h"

namespace selfheal {

// The reason of those that are no judgement of the incident, but part of an attempt: containers
// that share the network of its container come after it (act/network_sharers).
inline constexpr std::string_view kSharedNetwork = "shared_network";

struct DecisionRow {
  WallTime decided_at;
  std::string verdict;
  std::string reason;
  std::string detail;
  std::string facts;  // JSON
};

}  // namespace selfheal
