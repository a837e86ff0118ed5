// What numbers are taken from the journal's file. [pure]
//
// We never write others; but a file can be damaged in ways that SQLite's checks do not see, and
// what is computed from such a number must not run over.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "common/base/clock.h"

namespace selfheal {

inline int count_of(int64_t number) {
  return static_cast<int>(std::clamp<int64_t>(number, 0, 1'000'000));
}

// Up to the longest that can be configured.
inline Milliseconds duration_of(Milliseconds duration) {
  return std::clamp<Milliseconds>(duration, Milliseconds(0), std::chrono::hours(24 * 365));
}
inline std::chrono::seconds seconds_of(int64_t seconds) {
  constexpr std::chrono::seconds kLongest = std::chrono::hours(24 * 365);
  return std::chrono::seconds(std::clamp<int64_t>(seconds, 0, kLongest.count()));
}

// From 1970 to 2200: how far any two are apart fits into nanoseconds.
inline WallTime instant_of(int64_t unix_ns) {
  constexpr int64_t kLatest = 7'258'118'400'000'000'000;
  return WallTime(std::chrono::duration_cast<WallTime::duration>(
      std::chrono::nanoseconds(std::clamp<int64_t>(unix_ns, 0, kLatest))));
}

}  // namespace selfheal
