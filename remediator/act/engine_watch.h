// Whether the Docker Engine answers, since when, and what it calls its host. Asks every few seconds
// on a thread of its own, so that neither a decision nor a scrape has to. Safe from any thread.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "common/docker/docker_api.h"

namespace selfheal {

class EngineWatch {
 public:
  EngineWatch(DockerApi& docker, const Clock& clock, Milliseconds interval);
  ~EngineWatch();

  // Asks once, on the caller's thread, then goes on by itself.
  void start();
  void stop();

  bool connected() const;
  // Empty until the engine answered for the first time.
  std::string host() const;
  // When it last answered again after it had been away; nothing when it has not been.
  std::optional<WallTime> back_at() const;

 private:
  void ask();
  void run();

  DockerApi& docker_;
  const Clock& clock_;
  const Milliseconds interval_;
  mutable std::mutex mutex_;
  std::condition_variable stop_signal_;
  bool stopping_ = false;
  bool asked_ = false;
  bool connected_ = false;
  std::string host_;
  std::optional<WallTime> back_at_;
  std::thread thread_;
};

}  // namespace selfheal
