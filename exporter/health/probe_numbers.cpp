#include "exporter/health/probe_numbers.h"

#include <algorithm>

namespace selfheal {
namespace {

double unix_or_zero(const std::optional<WallTime>& time) {
  return time ? to_unix_seconds(*time) : 0;
}

}  // namespace

void ProbeNumbers::count(const ProbeResult& result) {
  ++attempts;
  // Timeouts enter at their real length, or latency would look best when nothing answers.
  const double seconds = std::chrono::duration<double>(result.duration).count();
  const auto bucket = std::lower_bound(kDurationBuckets.begin(), kDurationBuckets.end(), seconds);
  ++durations[static_cast<size_t>(bucket - kDurationBuckets.begin())];
  duration_sum_s += seconds;
  last_duration_s = static_cast<float>(seconds);
  last_probe_s = to_unix_seconds(result.started_at);
  if (result.outcome == ProbeOutcome::inconclusive) return;
  http_status = result.http_status;
  if (result.cert_expiry) cert_expiry_s = to_unix_seconds(*result.cert_expiry);
  if (result.outcome != ProbeOutcome::failed) return;
  ++failures[static_cast<size_t>(result.reason)];
  last_failure = result.reason;
}

void ProbeNumbers::show(const TargetHealth& health) {
  concluded = health.concluded();
  success = health.last_passed();
  healthy = health.verdict() == Verdict::healthy;
  consecutive_failures = health.consecutive_failures();
  consecutive_successes = health.consecutive_successes();
  failing_since_s = unix_or_zero(health.failing_since());
  last_success_s = unix_or_zero(health.last_success());
  if (consecutive_successes == 1) passing_since_s = last_success_s;
}

}  // namespace selfheal
