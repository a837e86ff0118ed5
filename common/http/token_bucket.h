// How often something may happen: once an interval in the long run, a burst of some at once. [pure]
#pragma once

#include <algorithm>

#include "common/base/clock.h"

namespace selfheal {

class TokenBucket {
 public:
  // Full at first; takes one out. A burst of 0 never allows anything.
  bool allow(Milliseconds interval, int burst, SteadyTime now) {
    const double most = burst;
    if (!started_) tokens_ = most;
    if (started_ && interval.count() > 0)
      tokens_ = std::min(most, tokens_ + std::chrono::duration<double>(now - last_) / interval);
    started_ = true;
    last_ = now;
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
  }

 private:
  bool started_ = false;
  double tokens_ = 0;
  SteadyTime last_{};
};

}  // namespace selfheal
