// Whether the Docker Engine answers, and what it calls its host. Asks every few seconds on a thread
// of its own, so that neither a decision nor a scrape has to. Safe from any thread.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "common/docker/docker_api.h"

namespace selfheal {

class EngineWatch {
 public:
  EngineWatch(DockerApi& docker, Milliseconds interval);
  ~EngineWatch();

  // Asks once, on the caller's thread, then goes on by itself.
  void start();
  void stop();

  bool connected() const;
  // Empty until the engine answered for the first time.
  std::string host() const;

 private:
  void ask();
  void run();

  DockerApi& docker_;
  const Milliseconds interval_;
  mutable std::mutex mutex_;
  std::condition_variable stop_signal_;
  bool stopping_ = false;
  bool asked_ = false;
  bool connected_ = false;
  std::string host_;
  std::thread thread_;
};

}  // namespace selfheal
