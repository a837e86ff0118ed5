// One round: waits, breaks a container, and measures until it is healthy again.
//
// Broken is the moment POST /break has been answered. Healthy is the first 200 of the app's own
// GET /health after Docker has started the container anew; only a restart counts. Both by this
// process's monotonic clock. On the calling thread.
#pragma once

#include <string>
#include <vector>

#include "bench/race/chain.h"
#include "bench/race/record.h"
#include "bench/race/restart_watch.h"
#include "bench/race/schedule.h"
#include "common/docker/docker_api.h"

namespace selfheal::race {

struct RaceParts {
  const Clock& clock;
  DockerApi& docker;
  BlockingHttpClient& http;
  RestartWatch& watch;
  Chain& chain;
  std::vector<std::string> pool;  // names of the containers
};

class RaceRound {
 public:
  RaceRound(RaceParts& parts, const PlannedRound& plan) : parts_(parts), plan_(plan) {}

  // The record's fault says what went wrong; then the container has been restarted by hand.
  RoundRecord run();

 private:
  Outcome<> measure(RoundRecord& record);
  Outcome<> await_restart(SteadyTime deadline);
  void mark_restart(RoundRecord& record);
  const std::string& container() const { return parts_.pool[plan_.container]; }

  RaceParts& parts_;
  const PlannedRound plan_;
};

}  // namespace selfheal::race
