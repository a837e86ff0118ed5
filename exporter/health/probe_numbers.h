// The numbers that a scrape publishes of one probe. [pure] Plain values, trivially copyable, so
// that a scrape copies thousands of them while the probe loop waits no longer than for a memcpy.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

#include "exporter/probes/probe.h"

namespace selfheal {

// Seconds. From 1 ms (a local container answers in less) past the longest timeout a probe may have
// (probe_settings.h), about a factor of four apart: each bucket is a series per probe, and a
// container may have 45 series in all.
inline constexpr std::array<double, 8> kDurationBuckets{0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10, 60};

struct ProbeNumbers {
  bool concluded = false;  // `success` means something
  bool success = false;
  bool healthy = false;
  int consecutive_failures = 0;
  int consecutive_successes = 0;
  double failing_since_s = 0;  // Unix time; 0 while passing
  double last_success_s = 0;   // Unix time; 0: never
  uint64_t attempts = 0;
  uint64_t skipped = 0;
  std::array<uint64_t, kProbeReasons> failures{};
  std::optional<ProbeReason> last_failure;
  int http_status = 0;
  double cert_expiry_s = 0;  // Unix time, of the last that was seen; 0: none was
  std::array<uint64_t, kDurationBuckets.size() + 1> durations{};  // not cumulative
  double duration_sum_s = 0;

  void count(const ProbeResult& result);
};

}  // namespace selfheal
