#include "exporter/health/container_monitor.h"

#include <algorithm>
#include <utility>

namespace selfheal {
namespace {

bool is_down_unasked(const WatchedContainer& seen) {
  switch (seen.state) {
    case ContainerState::exited:
    case ContainerState::dead:
      return !seen.stop_requested;
    case ContainerState::restarting:
      return true;
    default:
      return false;
  }
}

// Also by a restart or a recreation that was over before anybody looked.
bool was_stopped_by_request(const WatchedContainer& before, const WatchedContainer& seen) {
  if (!seen.running() && seen.stop_requested) return true;
  const bool run_has_ended = seen.id != before.id || seen.started_at != before.started_at;
  return before.being_stopped() && run_has_ended;
}

bool is_failing(const std::unique_ptr<MonitoredProbe>& probe) {
  return probe->health.failing_since().has_value();
}

}  // namespace

ContainerStep ContainerMonitor::update(WatchedContainerPtr seen, WallTime now) {
  ContainerStep step;
  const WatchedContainerPtr before = std::exchange(seen_, std::move(seen));
  step.stopped = !seen_->running() && before && before->running();
  step.health_changed = before && before->health != seen_->health;
  sync_probes(step, now);
  note_death(before.get(), step, now);
  note_start(before.get(), step, now);
  note_request(now);
  check_settled(step, now);
  return step;
}

// Probes keep their state while they ask the same of the same container, whatever their settings.
void ContainerMonitor::sync_probes(ContainerStep& step, WallTime now) {
  std::vector<std::unique_ptr<MonitoredProbe>> wanted;
  for (const Shared<ProbeSpec>& spec : seen_->probes) {
    if (auto known = take_known(spec, step)) {
      wanted.push_back(std::move(known));
    } else {
      wanted.push_back(make_probe(spec, now));
      step.added.push_back(wanted.back()->id);
    }
  }
  bool failing_removed = false;
  for (const auto& left : probes_) {
    if (!left) continue;
    step.removed.push_back(left->id);
    failing_removed = failing_removed || is_failing(left);
  }
  probes_ = std::move(wanted);
  const bool others_tell =
      !step.added.empty() || std::any_of(probes_.begin(), probes_.end(), is_failing);
  if (failing_removed && !others_tell) recovery_.failing_probe_removed();
}

std::unique_ptr<MonitoredProbe> ContainerMonitor::take_known(const Shared<ProbeSpec>& spec,
                                                             ContainerStep& step) {
  for (auto& probe : probes_) {
    if (!probe || probe->spec->name != spec->name || probe->spec->url != spec->url) continue;
    if (!(probe->spec == spec)) {
      probe->spec = spec;
      probe->health.configure(spec->settings);
      step.changed.push_back(probe->id);
    }
    return std::move(probe);
  }
  return nullptr;
}

std::unique_ptr<MonitoredProbe> ContainerMonitor::make_probe(const Shared<ProbeSpec>& spec,
                                                             WallTime now) {
  return std::make_unique<MonitoredProbe>(
      MonitoredProbe{ids_++, spec, TargetHealth(spec->settings, seen_->started_at, now)});
}

// A quick restart by policy can be over before anybody looks: then only its count tells of it.
void ContainerMonitor::note_death(const WatchedContainer* before, ContainerStep& step,
                                  WallTime now) {
  if (before == nullptr) {
    // It was down already when the exporter came: the outage counts from now on.
    if (is_down_unasked(*seen_)) recovery_.died(now, seen_->started_at);
    return;
  }
  const bool restarted_by_policy = seen_->restarts.policy > before->restarts.policy;
  const bool down = is_down_unasked(*seen_);
  if (restarted_by_policy || down) {
    // Each death anew: what it needs has to be proven after the last one.
    step.first_failure = true;
    recovery_.died(seen_->finished_at.value_or(now), before->started_at);
  } else if (was_stopped_by_request(*before, *seen_)) {
    note_requested_stop();
  }
}

// What was broken before goes on: the request may be the restart that mends it.
void ContainerMonitor::note_requested_stop() {
  // Where the request is only learnt of with the end, Docker's clock has to do.
  std::optional<WallTime> asked_at;
  if (stop_request_)
    asked_at = stop_request_->noted_at;
  else if (seen_->started_at && seen_->stop_asked_at >= seen_->started_at)
    asked_at = seen_->stop_asked_at;
  if (asked_at)
    for (auto& probe : probes_) probe->health.stopped_by_request(*asked_at);
  recovery_.stopped_by_request(asked_at);
}

void ContainerMonitor::note_start(const WatchedContainer* before, ContainerStep& step,
                                  WallTime now) {
  if (!seen_->running()) return;
  const bool same_run = before != nullptr && running_since_ == seen_->started_at;
  if (same_run) {
    // Unpaused: nothing new, but it has to be probed again.
    step.started = !before->running();
    return;
  }
  step.started = true;
  running_since_ = seen_->started_at;
  stop_request_.reset();
  for (auto& probe : probes_) probe->health.container_started(seen_->started_at, now);
}

void ContainerMonitor::note_request(WallTime now) {
  if (!seen_->being_stopped()) return;
  const bool known = stop_request_ && *seen_->stop_asked_at <= stop_request_->asked_at;
  if (!known) stop_request_ = StopRequest{*seen_->stop_asked_at, now};
}

std::optional<WallTime> ContainerMonitor::stopping_since() const {
  if (!seen_->being_stopped() || !stop_request_) return std::nullopt;
  return stop_request_->noted_at;
}

ContainerStep ContainerMonitor::record(MonitoredProbe& probe, const ProbeResult& result) {
  ContainerStep step;
  const HealthStep health = probe.health.record(result);
  step.first_failure = health.first_failure;
  // Also for a later failure of the run: one in the start period opens nothing.
  if (probe.health.failing_since())
    recovery_.failed(*probe.health.failing_since(), seen_->started_at);
  if (health.became_unhealthy) recovery_.confirmed(result.ended_at());
  check_settled(step, result.ended_at());
  return step;
}

// A probe that could tell nothing so far (it may not ping, say) keeps no outage open. One of a
// HEALTHCHECK that has had no time yet does, and one that will tell no good.
bool ContainerMonitor::does_not_fail(const MonitoredProbe& probe) const {
  if (probe.health.settled()) return true;
  const bool to_come =
      probe.spec->url.kind == ProbeKind::docker &&
      (seen_->health == ContainerHealth::starting || seen_->health == ContainerHealth::unhealthy);
  return probe.health.inconclusive_so_far() && !to_come;
}

void ContainerMonitor::check_settled(ContainerStep& step, WallTime at) {
  const bool settled =
      seen_->running() && std::all_of(probes_.begin(), probes_.end(),
                                      [this](const auto& probe) { return does_not_fail(*probe); });
  if (!settled) return recovery_.unsettled();
  count(step, recovery_.settled(at, seen_->started_at));
  // What is in the configuration is no container: nothing tells of a restart.
  if (seen_->origin == Origin::configured) return count(step, recovery_.cause_looked_up());
  step.cause_unclear = recovery_.asks_for_cause();
}

ContainerStep ContainerMonitor::cause_looked_up() {
  ContainerStep step;
  count(step, recovery_.cause_looked_up());
  return step;
}

void ContainerMonitor::count(ContainerStep& step, std::optional<RecoveryEvent> recovered) {
  step.recovered = recovered;
  if (!recovered) return;
  ++(recovered->cause == RecoveryCause::restarted ? recoveries_.restarted
                                                  : recoveries_.spontaneous);
}

void ContainerMonitor::forget_probes(WallTime now) {
  for (auto& probe : probes_) {
    probe->health = TargetHealth(probe->spec->settings, seen_->started_at, now);
  }
  if (!is_down_unasked(*seen_)) recovery_.abandon();
}

MonitoredProbe* ContainerMonitor::find(TargetId id) {
  for (auto& probe : probes_) {
    if (probe->id == id) return probe.get();
  }
  return nullptr;
}

}  // namespace selfheal
