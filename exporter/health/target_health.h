// The health of one probe of one container: thresholds over consecutive results.
//
// [pure] Owned by ContainerMonitor. The verdict stays until a run of equal results reaches its
// threshold. What is published of it, and why:
//  - failing_since is the START of the first failed probe of the run, last_success the START of the
//    last probe that passed: a dependency counts as proven only by a probe begun after the
//    dependent's failure.
//  - A container's start ends the run of successes (verification counts those of the new run only),
//    but failures and failing_since stay until the first success, so that an alert does not resolve
//    in the middle of an attempt. But failures that only came of a stop by request end with it:
//    what shuts down in good order first stops answering, and must not be restarted for that.
//  - During the start period, measured from the container's start, failures don't count until the
//    first success; the probes are made all the same.
#pragma once

#include <optional>

#include "common/base/clock.h"
#include "exporter/probes/probe.h"

namespace selfheal {

enum class Verdict { unknown, healthy, unhealthy };

// What one result changed.
struct HealthStep {
  bool first_failure = false;     // of a run
  bool became_unhealthy = false;  // the run of failures reached the threshold
};

class TargetHealth {
 public:
  TargetHealth(const ProbeSettings& settings, std::optional<WallTime> container_start,
               WallTime now);

  void configure(const ProbeSettings& settings) { settings_ = settings; }
  void container_started(std::optional<WallTime> container_start, WallTime now);
  // The run has ended because Docker was asked to, which was known since `asked_at`: what had not
  // reached the threshold by then only came of it.
  void stopped_by_request(WallTime asked_at);
  HealthStep record(const ProbeResult& result);

  // Whether to probe at the edge interval: the verdict is open, or about to change. While a target
  // stays unhealthy this ends after a while, until the container's next start: recovery time counts
  // most when something is being done about it.
  bool between_states(WallTime now) const;

  // Healthy by probes made since the container's start.
  bool settled() const;

  Verdict verdict() const { return verdict_; }
  bool last_passed() const { return last_passed_; }
  bool concluded() const { return concluded_; }  // there was a result
  // There were probes in this run, and none of them, nor any before, could tell anything.
  bool inconclusive_so_far() const { return inconclusive_ && !concluded_; }
  int consecutive_failures() const { return consecutive_failures_; }
  int consecutive_successes() const { return consecutive_successes_; }
  std::optional<WallTime> failing_since() const { return failing_since_; }
  std::optional<WallTime> last_success() const { return last_success_; }

 private:
  void record_success(const ProbeResult& result);
  HealthStep record_failure(const ProbeResult& result);
  bool in_start_period(WallTime probe_start) const;
  void be_quick_from(WallTime now);

  ProbeSettings settings_;
  std::optional<WallTime> container_start_;  // while its start period may still run
  Verdict verdict_ = Verdict::unknown;
  WallTime unhealthy_since_{};  // the end of the probe that reached the threshold
  bool concluded_ = false;
  bool inconclusive_ = false;  // one of this run was
  bool last_passed_ = false;
  int consecutive_failures_ = 0;
  int consecutive_successes_ = 0;
  std::optional<WallTime> failing_since_;
  std::optional<WallTime> last_success_;
  WallTime quick_until_{};
};

}  // namespace selfheal
