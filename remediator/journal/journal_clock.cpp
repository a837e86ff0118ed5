#include "remediator/journal/journal_clock.h"

namespace selfheal {
namespace {

constexpr int kReadings = 10;
// Between two readings of one clock that belong to one of the other.
constexpr std::chrono::microseconds kAtOnce{200};

}  // namespace

JournalClock::JournalClock(const Clock& system) : system_(system) {
  offset_ns_ = to_unix_ns(system.wall_now()) -
               std::chrono::nanoseconds(system.steady_now().time_since_epoch()).count();
  move(system_ahead());
}

WallTime JournalClock::wall_now() const {
  const auto since_epoch =
      system_.steady_now().time_since_epoch() + std::chrono::nanoseconds(offset_ns_);
  return WallTime(std::chrono::duration_cast<WallTime::duration>(since_epoch));
}

// A thread that is put to sleep between two readings would see a clock that was set.
std::chrono::nanoseconds JournalClock::system_ahead() const {
  for (int i = 0; i < kReadings; ++i) {
    const WallTime own = wall_now();
    const WallTime system = system_.wall_now();
    if (wall_now() - own <= kAtOnce) return system - own;
  }
  return std::chrono::nanoseconds(0);
}

}  // namespace selfheal
