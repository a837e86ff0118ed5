// A decision as the journal keeps it, with the facts it was made from. [pure]
#pragma once

#include <string>
#include <string_view>

#include "common/base/clock.h"

namespace selfheal {

// The reasons of those that are no judgement of the incident: part of an attempt, since containers
// that share the network of its container come after it (act/network_sharers); that the system's
// clock was set (act/clock_keeper); and that what it owed is given up (act/aftermath).
inline constexpr std::string_view kSharedNetwork = "shared_network";
inline constexpr std::string_view kClockSet = "clock_set";
inline constexpr std::string_view kGivenUp = "given_up";

struct DecisionRow {
  WallTime decided_at;
  std::string verdict;
  std::string reason;
  std::string detail;
  std::string facts;  // JSON
};

inline bool is_judgement(const DecisionRow& row) {
  return row.reason != kSharedNetwork && row.reason != kClockSet && row.reason != kGivenUp;
}

}  // namespace selfheal
