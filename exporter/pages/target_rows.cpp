#include "exporter/pages/target_rows.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "common/base/ascii_text.h"

namespace selfheal {
namespace {

constexpr std::array<std::string_view, kTargetVerdicts> kNames{
    "unhealthy", "down", "failing", "starting", "not probed yet", "healthy", "stopped", "no probe"};

bool contains(std::string_view text, std::string_view part) {
  return std::search(text.begin(), text.end(), part.begin(), part.end(),
                     [](char a, char b) { return ascii_lower(a) == ascii_lower(b); }) != text.end();
}

// Docker's word alone does not tell whether somebody wanted it so.
TargetVerdict verdict_of(const WatchedContainer& seen) {
  switch (seen.state) {
    case ContainerState::running:
      return seen.probes.empty() ? TargetVerdict::unprobed : TargetVerdict::waiting;
    case ContainerState::restarting:
    case ContainerState::dead:
      return TargetVerdict::down;
    case ContainerState::exited:
      return seen.stop_requested ? TargetVerdict::stopped : TargetVerdict::down;
    default:
      return TargetVerdict::stopped;
  }
}

// The probes of a container that has just ended are shown for a while, with what they last said.
TargetVerdict verdict_of(const WatchedContainer& seen, const ProbeRow* probe) {
  if (probe == nullptr || !seen.running()) return verdict_of(seen);
  return verdict_of(*probe);
}

}  // namespace

std::string_view to_string(TargetVerdict verdict) {
  return kNames.at(static_cast<size_t>(verdict));
}

std::optional<TargetVerdict> parse_target_verdict(std::string_view text) {
  const auto found = std::find(kNames.begin(), kNames.end(), text);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<TargetVerdict>(found - kNames.begin());
}

TargetVerdict verdict_of(const ProbeRow& probe) {
  const ProbeNumbers& numbers = probe.numbers;
  if (!numbers.concluded) return TargetVerdict::waiting;
  if (numbers.consecutive_failures == 0)
    return numbers.healthy ? TargetVerdict::healthy : TargetVerdict::starting;
  const int threshold = probe.identity->spec->settings.failure_threshold;
  return numbers.consecutive_failures < threshold ? TargetVerdict::failing
                                                  : TargetVerdict::unhealthy;
}

std::vector<TargetRow> target_rows(const HealthSnapshot& all) {
  std::map<ContainerKey, std::vector<const ProbeRow*>> probes;
  for (const ProbeRow& row : all.probes) probes[row.identity->container->key].push_back(&row);
  std::vector<TargetRow> rows;
  for (const ContainerRow& container : all.containers) {
    const WatchedContainer& seen = *container.container;
    const auto found = probes.find(seen.key);
    if (found == probes.end()) {
      rows.push_back({container.container, nullptr, verdict_of(seen, nullptr)});
      continue;
    }
    for (const ProbeRow* probe : found->second)
      rows.push_back({container.container, probe, verdict_of(seen, probe)});
  }
  std::sort(rows.begin(), rows.end(), [](const TargetRow& a, const TargetRow& b) {
    static const std::string none;
    const auto name = [](const TargetRow& row) -> const std::string& {
      return row.probe == nullptr ? none : row.probe->identity->spec->name;
    };
    return std::tie(a.verdict, a.container->key, name(a)) <
           std::tie(b.verdict, b.container->key, name(b));
  });
  return rows;
}

std::array<size_t, kTargetVerdicts> count_verdicts(const std::vector<TargetRow>& rows) {
  std::array<size_t, kTargetVerdicts> counts{};
  for (const TargetRow& row : rows) ++counts.at(static_cast<size_t>(row.verdict));
  return counts;
}

std::optional<WallTime> instant_of(double unix_seconds) {
  if (unix_seconds == 0) return std::nullopt;
  return WallTime(
      std::chrono::duration_cast<WallTime::duration>(std::chrono::duration<double>(unix_seconds)));
}

bool matches(const TargetRow& row, const TargetFilter& filter) {
  if (filter.verdict && *filter.verdict != row.verdict) return false;
  if (filter.text.empty()) return true;
  const WatchedContainer& seen = *row.container;
  if (contains(seen.key.name, filter.text) || contains(seen.key.host, filter.text) ||
      contains(seen.group, filter.text))
    return true;
  for (const auto& [name, value] : seen.labels)
    if (contains(value, filter.text)) return true;
  if (row.probe == nullptr) return false;
  const ProbeSpec& spec = *row.probe->identity->spec;
  return contains(spec.name, filter.text) || contains(to_string(spec.url), filter.text);
}

}  // namespace selfheal
