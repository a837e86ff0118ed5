// The wall clock that the journal is kept by: it goes on evenly whatever is done to the system's,
// so that nothing that is measured between two of its times is an hour longer or shorter than it
// was. When the system's clock was set, ClockKeeper moves the journal's times along and adopts it.
// Safe from any thread.
#pragma once

#include <atomic>

#include "common/base/clock.h"

namespace selfheal {

class JournalClock final : public Clock {
 public:
  explicit JournalClock(const Clock& system);

  SteadyTime steady_now() const override { return system_.steady_now(); }
  WallTime wall_now() const override;

  // How far the system's wall clock is ahead of this one; negative: behind.
  std::chrono::nanoseconds system_ahead() const;
  void move(std::chrono::nanoseconds by) { offset_ns_ += by.count(); }

 private:
  const Clock& system_;
  std::atomic<int64_t> offset_ns_{0};  // from the steady clock to the wall's
};

}  // namespace selfheal
