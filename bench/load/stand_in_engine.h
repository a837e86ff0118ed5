// A Docker Engine for as many containers as are asked for: "web-0", "web-1", …, all running, opted
// in and an hour old. It answers as slowly as told, and remembers when each was to be restarted.
// Safe from any thread.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "common/base/clock.h"
#include "tests/support/http_text.h"

namespace selfheal::bench {

class StandInEngine {
 public:
  struct Pace {
    Milliseconds answer{0};   // of everything, beforehand
    Milliseconds restart{0};  // of a restart, beside that
  };

  explicit StandInEngine(Pace pace) : pace_(pace), begun_at_(wall_now()) {}

  // The whole response; blocks for as long as it is told to take.
  std::string answer(const HttpText& request);

  // When the container's first restart was asked for; waits for it, nothing after `patience`.
  std::optional<SteadyTime> restart_of(const std::string& name, Milliseconds patience);

 private:
  static WallTime wall_now() { return std::chrono::system_clock::now(); }
  std::string inspect(const std::string& name);
  std::string restart(const std::string& name);

  const Pace pace_;
  const WallTime begun_at_;
  std::mutex mutex_;
  std::condition_variable restarted_;
  std::map<std::string, SteadyTime> asked_at_;     // by name
  std::map<std::string, WallTime> started_again_;  // by name
};

}  // namespace selfheal::bench
