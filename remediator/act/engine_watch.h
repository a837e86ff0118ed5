// Whether a Docker Engine answers, since when, and what it calls its host. Asks every few seconds
// on a thread of its own, so that neither a decision nor a scrape has to. Safe from any thread.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "common/docker/docker_api.h"

namespace selfheal {

// As it was when it was last asked.
struct EngineState {
  bool asked = false;
  bool connected = false;
  std::string host;  // what it calls itself; empty until it answered for the first time
  std::string version;
  std::string failure;  // why it is not connected
  // When it last answered again after it had been away, by the clock as it is now; nothing when it
  // has not been.
  std::optional<WallTime> back_at = {};
};

class EngineWatch {
 public:
  // `name` is what the engine must call itself, for the log; empty: whatever it says.
  EngineWatch(DockerApi& docker, const Clock& clock, Milliseconds interval, std::string name = "");
  ~EngineWatch();

  // Begins to ask.
  void start();
  // Until it was asked once, `longest` at most.
  void await_first(Milliseconds longest) const;
  void stop();

  EngineState state() const;

 private:
  void ask();
  void run();
  void log_change(const EngineState& now) const;

  DockerApi& docker_;
  const Clock& clock_;
  const Milliseconds interval_;
  const std::string name_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  bool stopping_ = false;
  EngineState state_;  // without back_at, for the wall clock may be set
  std::optional<SteadyTime> back_since_;
  std::thread thread_;
};

}  // namespace selfheal
