#include "exporter/health/probe_numbers.h"

#include <algorithm>

namespace selfheal {

void ProbeNumbers::count(const ProbeResult& result) {
  ++attempts;
  // Timeouts enter at their real length, or latency would look best when nothing answers.
  const double seconds = std::chrono::duration<double>(result.duration).count();
  const auto bucket = std::lower_bound(kDurationBuckets.begin(), kDurationBuckets.end(), seconds);
  ++durations[static_cast<size_t>(bucket - kDurationBuckets.begin())];
  duration_sum_s += seconds;
  if (result.outcome == ProbeOutcome::inconclusive) return;
  http_status = result.http_status;
  if (result.cert_expiry) cert_expiry_s = to_unix_seconds(*result.cert_expiry);
  if (result.outcome != ProbeOutcome::failed) return;
  ++failures[static_cast<size_t>(result.reason)];
  last_failure = result.reason;
}

}  // namespace selfheal
