// A clock that stands still until a test moves it. Safe from any thread.
//
// Not for an EventLoop's timers: those are armed on the kernel's own clock.
#pragma once

#include <atomic>

#include "common/base/clock.h"

namespace selfheal {

class ManualClock final : public Clock {
 public:
  // 2026-01-31T12:00:00Z
  static constexpr WallTime kStart{std::chrono::seconds(1'769'860'800)};

  SteadyTime steady_now() const override {
    return SteadyTime(std::chrono::hours(1)) + std::chrono::nanoseconds(elapsed_ns_.load());
  }
  WallTime wall_now() const override {
    return kStart + std::chrono::nanoseconds(elapsed_ns_.load() + set_by_ns_.load());
  }

  void advance(std::chrono::nanoseconds by) { elapsed_ns_ += by.count(); }
  // As if somebody had set the wall clock, forward or back.
  void set_wall(std::chrono::nanoseconds by) { set_by_ns_ += by.count(); }

 private:
  std::atomic<int64_t> elapsed_ns_{0};
  std::atomic<int64_t> set_by_ns_{0};
};

}  // namespace selfheal
