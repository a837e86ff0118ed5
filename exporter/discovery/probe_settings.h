// The numbers of a probe: which there are, what range each may have, and how text becomes one.
// Used by labels and by the configuration file, so that both take the same values.
//
// [pure]
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "exporter/probes/probe.h"

namespace selfheal {

struct DurationSetting {
  const char* label;  // as in selfheal.LABEL
  const char* key;    // as in the configuration file's `defaults:`
  const char* about;  // for its reference
  Milliseconds ProbeSettings::*member;
  Milliseconds lowest;
  Milliseconds highest;
};

struct CountSetting {
  const char* label;
  const char* key;
  const char* about;
  int ProbeSettings::*member;
  int lowest;
  int highest;
};

// The lowest values keep one mistyped label from becoming a flood of probes. The longest timeout is
// the last bucket of selfheal_probe_duration_seconds.
inline constexpr std::array<DurationSetting, 4> kDurationSettings{{
    {"interval", "interval", "How often it is probed", &ProbeSettings::interval, Milliseconds(100),
     Milliseconds(86'400'000)},
    {"edge-interval", "edge_interval",
     "How often while it is about to change between healthy and unhealthy",
     &ProbeSettings::edge_interval, Milliseconds(50), Milliseconds(86'400'000)},
    {"timeout", "timeout", "Of one probe", &ProbeSettings::timeout, Milliseconds(10),
     Milliseconds(60'000)},
    {"start-period", "start_period", "After a container's start, in which failures don't count",
     &ProbeSettings::start_period, Milliseconds(0), Milliseconds(86'400'000)},
}};

inline constexpr std::array<CountSetting, 2> kCountSettings{{
    {"failure-threshold", "failure_threshold", "Failures in a row that make it unhealthy",
     &ProbeSettings::failure_threshold, 1, 1000},
    {"success-threshold", "success_threshold", "Successes in a row that make it healthy again",
     &ProbeSettings::success_threshold, 1, 1000},
}};

inline constexpr const DurationSetting& kTimeoutSetting = kDurationSettings[2];

Result<Milliseconds> parse_setting(const DurationSetting& setting, std::string_view text);
Result<int> parse_setting(const CountSetting& setting, std::string_view text);

// Empty, or what is wrong with `value`.
std::string fault_of(const DurationSetting& setting, Milliseconds value);

// Puts the edge interval in: a third of the interval where none is set, never more than it.
ProbeSettings with_edge_interval(ProbeSettings settings);

}  // namespace selfheal
