#include "exporter/health/probe_pace.h"

#include <algorithm>
#include <string>
#include <utility>

namespace selfheal {
namespace {

// A container first seen this soon after its start was just started.
constexpr std::chrono::seconds kJustStarted{2};

std::string identity_of(const ContainerKey& key, const ProbeSpec& spec) {
  return key.host + "/" + key.name + "/" + spec.name;
}

bool has(const std::vector<TargetId>& ids, TargetId id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

}  // namespace

Sight first_sight(const WatchedContainer& seen, WallTime now) {
  return seen.started_at && now - *seen.started_at < kJustStarted ? Sight::born : Sight::found;
}

ProbeChange change_of(const MonitoredProbe& probe, const ContainerStep& step, Sight sight) {
  if (step.started) return sight == Sight::found ? ProbeChange::in_turn : ProbeChange::restart;
  if (sight == Sight::back || has(step.added, probe.id) || has(step.changed, probe.id))
    return ProbeChange::in_turn;
  if (step.health_changed && probe.spec->url.kind == ProbeKind::docker) return ProbeChange::at_once;
  return ProbeChange::none;
}

SteadyTime first_probe(const ContainerKey& key, const ProbeSpec& spec, SteadyTime now) {
  return now + phase_of(identity_of(key, spec), spec.settings.edge_interval);
}

void ProbePace::begin(SteadyTime due, SteadyTime now) {
  due_ = due;
  started_ = now;
}

GridTick ProbePace::next(const ContainerKey& key, const MonitoredProbe& probe, WallTime wall_now,
                         SteadyTime now) {
  const ProbeSettings& settings = probe.spec->settings;
  const bool was_on_grid = std::exchange(on_grid_, false);
  if (std::exchange(again_, false)) return {now};
  if (probe.health.between_states(wall_now))
    return {next_edge(settings.edge_interval, started_, now)};
  on_grid_ = true;
  return next_tick(phase_of(identity_of(key, *probe.spec), settings.interval), settings.interval,
                   was_on_grid ? due_ : now, now);
}

}  // namespace selfheal
