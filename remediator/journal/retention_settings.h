// How much of the past a journal keeps. [pure]
#pragma once

#include "common/base/clock.h"

namespace selfheal {

struct RetentionSettings {
  Milliseconds age = std::chrono::hours(24 * 90);  // of closed incidents and ended pauses
  int max_bytes = 512 << 20;                       // in use; the file may be larger
};

}  // namespace selfheal
