// Waits for a condition that can only be asked for.
#pragma once

#include <thread>

#include "common/base/clock.h"

namespace selfheal::race {

// Asks every `pause` until the answer is yes; false when `deadline` has passed first.
template <class Condition>
bool await(const Clock& clock, SteadyTime deadline, Milliseconds pause, Condition condition) {
  while (!condition()) {
    if (clock.steady_now() >= deadline) return false;
    std::this_thread::sleep_for(pause);
  }
  return true;
}

}  // namespace selfheal::race
