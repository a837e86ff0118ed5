// Which container is broken when, and how: decided by the seed before anything runs, so that every
// contender gets the same. [pure]
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "bench/race/names.h"
#include "common/base/clock.h"

namespace selfheal::race {

struct PlannedRound {
  int number = 0;        // from 1, over all parts
  size_t container = 0;  // index into the pool
  Mode mode = Mode::error;
  Milliseconds wait{0};  // after the last container was healthy, until this one is broken
};

struct ScheduleOptions {
  uint64_t seed = 1;
  int part = 1;              // which part of the run, from 1
  int parts = 3;             // each has its own rule-file path
  int rounds_per_mode = 30;  // over all parts
  size_t containers = 20;    // in the pool
};

// How many rounds of each mode a part has: the parts differ by one at most.
int rounds_in_part(int rounds_per_mode, int part, int parts);

// The modes mixed, each container at most once before all have been broken. The waits are uniform
// over a whole number of probe, scrape and evaluation intervals, and so is the phase of each break.
std::vector<PlannedRound> plan_rounds(const ScheduleOptions& options);

}  // namespace selfheal::race
