#include "exporter/health/target_health.h"

#include <algorithm>

namespace selfheal {
namespace {

// How long an unhealthy target is probed at the edge interval: ten intervals, at least a minute.
constexpr int kQuickIntervals = 10;
constexpr Milliseconds kQuickAtLeast{60'000};

}  // namespace

TargetHealth::TargetHealth(const ProbeSettings& settings, std::optional<WallTime> container_start,
                           WallTime now)
    : settings_(settings), container_start_(container_start) {
  be_quick_from(now);
}

void TargetHealth::container_started(std::optional<WallTime> container_start, WallTime now) {
  container_start_ = container_start;
  consecutive_successes_ = 0;
  inconclusive_ = false;
  be_quick_from(now);
}

void TargetHealth::stopped_by_request(WallTime asked_at) {
  if (verdict_ == Verdict::unhealthy && unhealthy_since_ < asked_at) return;
  consecutive_failures_ = 0;
  failing_since_.reset();
  if (verdict_ == Verdict::unhealthy) verdict_ = Verdict::unknown;
}

void TargetHealth::be_quick_from(WallTime now) {
  quick_until_ =
      now + std::max({settings_.interval * kQuickIntervals, kQuickAtLeast, settings_.start_period});
}

HealthStep TargetHealth::record(const ProbeResult& result) {
  switch (result.outcome) {
    case ProbeOutcome::passed:
      record_success(result);
      break;
    case ProbeOutcome::failed:
      return record_failure(result);
    case ProbeOutcome::inconclusive:
      inconclusive_ = true;
      break;
  }
  return {};
}

void TargetHealth::record_success(const ProbeResult& result) {
  concluded_ = last_passed_ = true;
  container_start_.reset();  // the start period is over
  last_success_ = result.started_at;
  failing_since_.reset();
  consecutive_failures_ = 0;
  ++consecutive_successes_;
  if (consecutive_successes_ >= settings_.success_threshold) verdict_ = Verdict::healthy;
}

HealthStep TargetHealth::record_failure(const ProbeResult& result) {
  HealthStep step;
  concluded_ = true;
  last_passed_ = false;
  consecutive_successes_ = 0;
  if (in_start_period(result.started_at)) return step;
  step.first_failure = consecutive_failures_ == 0;
  if (step.first_failure) failing_since_ = result.started_at;
  ++consecutive_failures_;
  if (verdict_ != Verdict::unhealthy && consecutive_failures_ >= settings_.failure_threshold) {
    verdict_ = Verdict::unhealthy;
    unhealthy_since_ = result.ended_at();
    step.became_unhealthy = true;
    be_quick_from(result.started_at);
  }
  return step;
}

bool TargetHealth::in_start_period(WallTime probe_start) const {
  return container_start_ && probe_start < *container_start_ + settings_.start_period;
}

bool TargetHealth::settled() const {
  return verdict_ == Verdict::healthy && consecutive_failures_ == 0 &&
         consecutive_successes_ >= settings_.success_threshold;
}

bool TargetHealth::between_states(WallTime now) const {
  if (settled()) return false;
  if (verdict_ == Verdict::healthy && consecutive_failures_ > 0) return true;
  return consecutive_successes_ > 0 || now < quick_until_;
}

}  // namespace selfheal
