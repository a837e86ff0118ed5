// The numbers that a scrape publishes of one probe. [pure] Plain values, trivially copyable and
// small: there are two copies of a hundred thousand while a scrape is rendered.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

#include "exporter/health/target_health.h"
#include "exporter/probes/probe.h"

namespace selfheal {

// Seconds. From 1 ms (a local container answers in less) past the longest timeout a probe may have
// (probe_settings.h), about a factor of four apart: each bucket is a series per probe, and a
// container may have 45 series in all.
inline constexpr std::array<double, 8> kDurationBuckets{0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10, 60};

// Counters have 32 bits: at ten probes a second one wraps after 13 years, which looks to Prometheus
// like a restart.
struct ProbeNumbers {
  double failing_since_s = 0;  // Unix time; 0 while passing
  double passing_since_s = 0;  // Unix time of the first success of the last run of them; 0: never
  double last_success_s = 0;   // Unix time; 0: never
  double last_probe_s = 0;     // Unix time of its start; 0: never
  double cert_expiry_s = 0;    // Unix time, of the last that was seen; 0: none was
  double duration_sum_s = 0;
  std::array<uint32_t, kDurationBuckets.size() + 1> durations{};  // not cumulative
  std::array<uint32_t, kProbeReasons> failures{};
  uint32_t attempts = 0;
  uint32_t skipped = 0;
  int consecutive_failures = 0;
  int consecutive_successes = 0;
  int http_status = 0;
  float last_duration_s = 0;
  std::optional<ProbeReason> last_failure;
  bool concluded = false;  // `success` means something
  bool success = false;
  bool healthy = false;

  void count(const ProbeResult& result);
  void show(const TargetHealth& health);
};

}  // namespace selfheal
