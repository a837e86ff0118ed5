// The only place where time is asked for. Everything that needs it takes a Clock by constructor, so
// that tests can move it (tests/support/manual_clock.h).
#pragma once

#include <chrono>
#include <cstdint>

namespace selfheal {

using SteadyTime = std::chrono::steady_clock::time_point;  // for deadlines and durations
using WallTime = std::chrono::system_clock::time_point;    // for people, journals and metrics
using Milliseconds = std::chrono::milliseconds;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual SteadyTime steady_now() const = 0;
  virtual WallTime wall_now() const = 0;
};

class SystemClock final : public Clock {
 public:
  SteadyTime steady_now() const override;
  WallTime wall_now() const override;
};

// Seconds since the epoch, as Prometheus wants timestamps. Exact to about 0.2 µs.
double to_unix_seconds(WallTime time);
// Nanoseconds since the epoch, as Docker dates its events.
int64_t to_unix_ns(WallTime time);

}  // namespace selfheal
