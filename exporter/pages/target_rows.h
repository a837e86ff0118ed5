// The targets as people look at them: one row a probe, what is wrong first. [pure]
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/health/health_table.h"

namespace selfheal {

// In the order of how much they matter to whoever looks.
enum class TargetVerdict {
  unhealthy,  // the threshold is reached
  down,       // the container has ended by itself
  failing,    // fails, the threshold is not reached
  starting,   // never healthy yet; within its start period, or a few probes old
  waiting,    // not probed yet
  healthy,
  stopped,   // somebody wanted the container not to run
  unprobed,  // runs without a probe
};
inline constexpr size_t kTargetVerdicts = 8;
std::string_view to_string(TargetVerdict verdict);
std::optional<TargetVerdict> parse_target_verdict(std::string_view text);

struct TargetRow {
  WatchedContainerPtr container;
  const ProbeRow* probe = nullptr;  // null: there is none, or none is shown
  TargetVerdict verdict = TargetVerdict::unprobed;
};

struct TargetFilter {
  std::string text;  // in a name, host, group, label or URL; any case
  std::optional<TargetVerdict> verdict;
};

// Of a probe alone; its container runs.
TargetVerdict verdict_of(const ProbeRow& probe);

// Worst first, then by name. Points into `all`.
std::vector<TargetRow> target_rows(const HealthSnapshot& all);
std::array<size_t, kTargetVerdicts> count_verdicts(const std::vector<TargetRow>& rows);
bool matches(const TargetRow& row, const TargetFilter& filter);

// Of a time in ProbeNumbers: nothing for 0.
std::optional<WallTime> instant_of(double unix_seconds);

}  // namespace selfheal
