// Makes the probes that somebody asks for and waits for, beside the continuous ones: on an event
// loop and a thread of its own, with probers of its own, so that neither disturbs the other.
//
// Owned by Exporter. Whoever waits in probe() holds a thread of the web server, so their number is
// bounded: what is beyond it is refused at once. probe() and set_limit() from any thread.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_set>

#include "common/base/event_loop.h"
#include "common/docker/docker_api.h"
#include "exporter/probes/prober_set.h"

namespace selfheal {

class OnDemandProber {
 public:
  enum class Unavailable { busy, stopping };

  OnDemandProber(const Clock& clock, DockerApi& docker, size_t limit);
  // Nobody may be waiting any more.
  ~OnDemandProber();
  OnDemandProber(const OnDemandProber&) = delete;
  OnDemandProber& operator=(const OnDemandProber&) = delete;

  // Waits for the result, the request's timeout at most.
  Result<ProbeResult, Unavailable> probe(ProbeRequest request);
  // How many may wait at once; those who do already are not disturbed.
  void set_limit(size_t limit);
  // Those who wait are told, and nobody may any more. Idempotent.
  void stop();

 private:
  struct Waiter {
    std::optional<ProbeResult> result;
    std::condition_variable wake;  // there is a result, or none will come
  };
  void start(ProbeRequest request, std::shared_ptr<Waiter> waiter);

  std::mutex mutex_;
  size_t limit_;
  std::unordered_set<Waiter*> waiters_;
  bool stopping_ = false;

  EventLoop loop_;
  ProberSet probers_;
  std::thread thread_;  // last: runs while all of the above is there
};

}  // namespace selfheal
