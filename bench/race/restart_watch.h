// Docker's own account of what happens to the containers, from its stream of events: the same for
// every contender, and it costs nothing while one waits.
//
// Listens from construction to destruction on a thread of its own. Safe from any thread.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "common/docker/docker_client.h"

namespace selfheal::race {

// Since the last forget(); the first of each kind.
struct RestartSeen {
  std::optional<WallTime> asked_to_stop;  // the signal was sent
  std::optional<WallTime> started;
  std::optional<WallTime> restarted;  // the call is over
};

class RestartWatch {
 public:
  RestartWatch(const DockerAddress& address, const Clock& clock);
  ~RestartWatch();
  RestartWatch(const RestartWatch&) = delete;
  RestartWatch& operator=(const RestartWatch&) = delete;

  void forget();
  // False at the deadline, or when the stream of events has ended.
  bool await_started(const std::string& container, SteadyTime deadline);
  bool await_restarted(const std::string& container, SteadyTime deadline);
  RestartSeen seen(const std::string& container) const;
  // How often it was started since construction.
  int starts(const std::string& container) const;
  // Why the stream ended; empty while it goes on.
  std::string fault() const;

 private:
  void listen(int64_t since_ns);
  void note(const DockerEvent& event);
  bool await(const std::string& container, SteadyTime deadline,
             std::optional<WallTime> RestartSeen::*what);

  DockerClient docker_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, RestartSeen> seen_;  // by the container's name
  std::map<std::string, int> starts_;        // by the container's name
  std::string fault_;
  std::thread thread_;
};

}  // namespace selfheal::race
