// Waiting for what another thread will do: polls a condition, with a limit. No fixed sleeps.
#pragma once

#include <chrono>
#include <functional>
#include <thread>

namespace selfheal {

inline bool eventually(const std::function<bool()>& condition,
                       std::chrono::milliseconds limit = std::chrono::seconds(10)) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

}  // namespace selfheal
