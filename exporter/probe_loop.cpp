#include "exporter/probe_loop.h"

#include <algorithm>

#include <pthread.h>

namespace selfheal {
namespace {

constexpr size_t kContainersAtOnce = 16;
constexpr size_t kProbesAtOnce = 32;
// For the cause of a recovery; without Docker's answer, what is known has to do.
constexpr std::chrono::seconds kPatience{10};

}  // namespace

ProbeLoop::ProbeLoop(const Clock& clock, DockerApi& docker, HealthTable& table,
                     prometheus::Histogram& lateness, size_t probes_in_flight, LookAt look_at)
    : clock_(clock),
      table_(table),
      lateness_(lateness),
      limit_(probes_in_flight),
      look_at_(std::move(look_at)),
      loop_(clock),
      runner_(loop_, docker),
      thread_([this] { loop_.run(); }) {
  pthread_setname_np(thread_.native_handle(), "probes");
}

ProbeLoop::~ProbeLoop() {
  stop();
}

void ProbeLoop::stop() {
  loop_.stop();
  if (thread_.joinable()) thread_.join();
}

void ProbeLoop::set_limit(size_t probes_in_flight) {
  loop_.post([this, probes_in_flight] { limit_ = probes_in_flight; });
}

void ProbeLoop::set_exec_limit(size_t execs_in_flight) {
  loop_.post([this, execs_in_flight] { runner_.set_exec_limit(execs_in_flight); });
}

// ---- what discovery saw

void ProbeLoop::apply(const InventoryChange& change) {
  apply_some_at_once(change.removed, &ProbeLoop::apply_removal);
  apply_some_at_once(change.updated, &ProbeLoop::apply_update);
  apply_some_at_once(change.looked_at, &ProbeLoop::cause_looked_up);
}

template <class Item>
void ProbeLoop::apply_some_at_once(const std::vector<Item>& all,
                                   void (ProbeLoop::*apply_one)(const Item&)) {
  for (size_t begin = 0; begin < all.size(); begin += kContainersAtOnce) {
    const auto first = all.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto count = std::min(kContainersAtOnce, all.size() - begin);
    loop_.post(
        [this, apply_one, some = std::vector(first, first + static_cast<std::ptrdiff_t>(count))] {
          for (const Item& item : some) (this->*apply_one)(item);
          arm();
        });
  }
}

void ProbeLoop::apply_update(const WatchedContainerPtr& seen) {
  const auto found = containers_.find(seen->key);
  const bool known = found != containers_.end();
  auto added = known ? nullptr : std::make_unique<Container>(next_target_);
  Container& container = known ? **found : *added;
  if (!container.row) cancel(container.hold);  // removed a moment ago, and recreated
  const Sight sight = !known          ? first_sight(*seen, clock_.wall_now())
                      : container.row ? Sight::known
                                      : Sight::back;
  const WatchedContainerPtr before = container.monitor.seen_ptr();
  const ContainerStep step = container.monitor.update(seen, clock_.wall_now());
  if (!known) containers_.insert(std::move(added));
  index_group(container, before.get());
  sync_targets(container, step);
  publish(container);
  if (seen->running()) {
    resume(container, step, sight);
  } else {
    pause(container);
  }
  follow_up(container, step);
}

// For those that depend on its group; on a configured target nothing can.
void ProbeLoop::index_group(Container& container, const WatchedContainer* before) {
  const WatchedContainer& seen = container.monitor.seen();
  if (seen.origin == Origin::configured || (before && before->group == seen.group)) return;
  if (before) groups_.remove(before->key.host, before->group, container);
  groups_.add(seen.key.host, seen.group, container);
}

void ProbeLoop::sync_targets(Container& container, const ContainerStep& step) {
  for (const TargetId id : step.removed) {
    runner_.forget(id);
    schedule_.remove(id);
    table_.remove_probe(targets_.at(id).row);
    targets_.erase(id);
  }
  for (const TargetId id : step.added)
    targets_.emplace(id, Target{container, *container.monitor.find(id), table_.add_probe({})});
}

void ProbeLoop::resume(Container& container, const ContainerStep& step, Sight sight) {
  cancel(container.hold);
  publish_probes(container);
  for (const auto& probe : container.monitor.probes())
    apply_to_probe(probe->id, change_of(*probe, step, sight));
}

void ProbeLoop::apply_to_probe(TargetId id, ProbeChange change) {
  switch (change) {
    case ProbeChange::none:
      return;
    case ProbeChange::restart:
      runner_.started_anew(id);
      targets_.at(id).pace.want_no_other();
      return probe_now(id);
    case ProbeChange::at_once:
      return probe_now(id);
    case ProbeChange::in_turn:
      if (!runner_.running(id)) schedule_first(id);
  }
}

void ProbeLoop::pause(Container& container) {
  for (const auto& probe : container.monitor.probes()) {
    runner_.cancel(probe->id);
    schedule_.remove(probe->id);
    table_.set_health(targets_.at(probe->id).row, probe->health);
  }
  if (container.hold) return;
  container.hold = loop_.after(kHold, [this, key = container.key()] { hold_over(key); });
}

// It stays down: a result from before tells nothing any more.
void ProbeLoop::hold_over(const ContainerKey& key) {
  Container& container = **containers_.find(key);
  container.hold.reset();
  withdraw_probes(container);
  container.monitor.forget_probes(clock_.wall_now());
}

// The series go at once. The state waits a little for a container recreated under this name.
void ProbeLoop::apply_removal(const ContainerKey& key) {
  const auto found = containers_.find(key);
  if (found == containers_.end() || !(*found)->row) return;
  Container& container = **found;
  for (const auto& probe : container.monitor.probes()) {
    runner_.forget(probe->id);
    schedule_.remove(probe->id);
  }
  withdraw_probes(container);
  cancel(container.look);
  table_.remove_container(*std::exchange(container.row, std::nullopt));
  cancel(container.hold);
  container.hold = loop_.after(kHold, [this, key] { drop(key); });
}

void ProbeLoop::drop(const ContainerKey& key) {
  const auto found = containers_.find(key);
  Container& container = **found;
  for (const auto& probe : container.monitor.probes()) {
    table_.remove_probe(targets_.at(probe->id).row);
    targets_.erase(probe->id);
  }
  groups_.remove(key.host, container.monitor.seen().group, container);
  cancel(container.look);
  containers_.erase(found);
}

void ProbeLoop::follow_up(Container& container, const ContainerStep& step) {
  if (step.recovered) {
    table_.count_recovery(container.key().host, *step.recovered);
    publish(container);
  }
  if (step.first_failure) probe_dependencies(container);
  if (step.cause_unclear && !container.look) have_looked_at(container);
}

void ProbeLoop::have_looked_at(Container& container) {
  container.look = loop_.after(kPatience, [this, key = container.key()] { cause_looked_up(key); });
  look_at_(container.monitor.seen());
}

void ProbeLoop::cause_looked_up(const ContainerKey& key) {
  const auto found = containers_.find(key);
  if (found == containers_.end() || !(*found)->look) return;
  Container& container = **found;
  cancel(container.look);
  follow_up(container, container.monitor.cause_looked_up());
}

// A dependent can fail before its dependency shows that it is broken: whether the dependency is
// well must be proven by a probe begun after the dependent's failure, and soon.
void ProbeLoop::probe_dependencies(const Container& container) {
  const WatchedContainer& seen = container.monitor.seen();
  for (const std::string& group : seen.dependencies) {
    for (const Container* member : groups_.members(seen.key.host, group)) {
      if (!member->row || !member->monitor.seen().running()) continue;
      for (const auto& probe : member->monitor.probes()) probe_now(probe->id);
    }
  }
}

// ---- probing

void ProbeLoop::probe_now(TargetId id) {
  if (runner_.running(id)) {
    targets_.at(id).pace.want_another();
  } else {
    schedule_.set(id, loop_.now());
  }
}

void ProbeLoop::schedule_first(TargetId id) {
  const Target& target = targets_.at(id);
  schedule_.set(id, first_probe(target.container.key(), *target.probe.spec, loop_.now()));
}

void ProbeLoop::arm() {
  const auto next = schedule_.next();
  if (!next || (alarm_ && alarm_->first == *next)) return;
  cancel(alarm_);
  alarm_ = loop_.at(*next, [this] { run_due(); });
}

void ProbeLoop::cancel(std::optional<EventLoop::TimerId>& timer) {
  if (timer) loop_.cancel(*std::exchange(timer, std::nullopt));
}

void ProbeLoop::run_due() {
  alarm_.reset();
  for (const ProbeSchedule::Due& due : schedule_.take_due(loop_.now(), kProbesAtOnce))
    start_probe(due.target, due.at);
  arm();
}

void ProbeLoop::start_probe(TargetId id, SteadyTime due) {
  Target& target = targets_.at(id);
  const SteadyTime now = loop_.now();
  target.pace.begin(due, now);
  if (runner_.in_flight() >= limit_) {
    table_.skip(target.row, 1);
    return schedule_next(id, target);
  }
  lateness_.Observe(std::chrono::duration<double>(now - due).count());
  runner_.start(id, target.probe.spec,
                [this, id](const ProbeResult& result) { on_result(id, result); });
}

void ProbeLoop::on_result(TargetId id, const ProbeResult& result) {
  Target& target = targets_.at(id);
  const ContainerStep step = target.container.monitor.record(target.probe, result);
  table_.record(target.row, result, target.probe.health);
  schedule_next(id, target);
  follow_up(target.container, step);
  arm();
}

void ProbeLoop::schedule_next(TargetId id, Target& target) {
  const GridTick next =
      target.pace.next(target.container.key(), target.probe, clock_.wall_now(), loop_.now());
  if (next.skipped > 0) table_.skip(target.row, next.skipped);
  schedule_.set(id, next.due);
}

// ---- the table

void ProbeLoop::publish(Container& container) {
  ContainerRow row{container.monitor.seen_ptr(), container.monitor.recoveries(),
                   container.monitor.stopping_since()};
  if (container.row) {
    table_.set_container(*container.row, std::move(row));
  } else {
    container.row = table_.add_container(std::move(row));
  }
}

void ProbeLoop::publish_probes(Container& container) {
  for (const auto& probe : container.monitor.probes()) {
    auto identity = std::make_shared<const ProbeIdentity>(
        ProbeIdentity{container.monitor.seen_ptr(), probe->spec});
    table_.show_probe(targets_.at(probe->id).row, std::move(identity), probe->health);
  }
}

void ProbeLoop::withdraw_probes(Container& container) {
  for (const auto& probe : container.monitor.probes())
    table_.hide_probe(targets_.at(probe->id).row);
}

}  // namespace selfheal
