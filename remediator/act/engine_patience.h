// For how long an engine's word on what it was asked for is waited for. [pure]
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include "common/base/clock.h"

namespace selfheal {

// How soon to look again after what did not answer.
inline constexpr Milliseconds kFaultPause{1000};
// One that comes and goes for longer is a person's to look after.
inline constexpr std::chrono::hours kLongestAway{24};

// Asked at `asked_at`, and back since `back_at` if it was ever away. An engine that restarts takes
// its time, also to be a manager again, so it counts from its return; but not from each return for
// ever.
inline WallTime waits_until(WallTime asked_at, std::optional<WallTime> back_at,
                            Milliseconds patience) {
  const WallTime since = std::max(asked_at, back_at.value_or(asked_at));
  return std::min(since, asked_at + kLongestAway) + patience;
}

}  // namespace selfheal
