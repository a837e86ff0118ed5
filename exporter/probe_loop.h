// The thread that probes: it owns the event loop, the schedule, the probers and the health of every
// container, and is the only one that writes the health table.
//
// Owned by Exporter. apply(), set_…limit(), after_applied() and stop() may be called from any
// thread, the rest happens on the loop. Nothing on it takes over a millisecond, or probes would
// start late: changes are applied a few containers at a time, due probes started a few at a time.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include <prometheus/histogram.h>

#include "common/base/event_loop.h"
#include "exporter/discovery/inventory.h"
#include "exporter/health/container_monitor.h"
#include "exporter/health/group_index.h"
#include "exporter/health/health_table.h"
#include "exporter/health/probe_pace.h"
#include "exporter/health/probe_schedule.h"
#include "exporter/probes/probe_runner.h"

namespace selfheal {

class ProbeLoop {
 public:
  // On the loop: have Docker looked at, and answer by the `looked_at` of a change.
  using LookAt = std::function<void(const WatchedContainer&)>;

  // `lateness`: how long after their time probes start, in seconds. `probes_in_flight`: what is due
  // beyond that is skipped and counted.
  ProbeLoop(const Clock& clock, DockerApi& docker, HealthTable& table,
            prometheus::Histogram& lateness, size_t probes_in_flight, LookAt look_at);
  ~ProbeLoop();
  ProbeLoop(const ProbeLoop&) = delete;
  ProbeLoop& operator=(const ProbeLoop&) = delete;

  void apply(const InventoryChange& change);
  void set_limit(size_t probes_in_flight);
  void set_exec_limit(size_t execs_in_flight);
  // Runs `callback` on the loop when everything applied so far is in the table.
  void after_applied(EventLoop::Callback callback) { loop_.post(std::move(callback)); }
  // Ends the probes under way without results. Idempotent.
  void stop();

 private:
  struct Container {
    explicit Container(TargetId& ids) : monitor(ids) {}
    const ContainerKey& key() const { return monitor.seen().key; }
    ContainerMonitor monitor;
    std::optional<HealthTable::Slot> row;  // while it is declared
    // Set while it is stopped or removed: when its probes' state, or all of it, is dropped.
    std::optional<EventLoop::TimerId> hold;
    // Set while Docker is looked at for the cause of its recovery: when that is not waited for.
    std::optional<EventLoop::TimerId> look;
  };
  struct ByKey {
    using is_transparent = void;
    static const ContainerKey& key_of(const ContainerKey& key) { return key; }
    static const ContainerKey& key_of(const std::unique_ptr<Container>& one) { return one->key(); }
    bool operator()(const auto& a, const auto& b) const { return key_of(a) < key_of(b); }
  };
  struct Target {
    Container& container;
    MonitoredProbe& probe;
    HealthTable::Slot row;
    ProbePace pace{};
  };

  template <class Item>
  void apply_some_at_once(const std::vector<Item>& all, void (ProbeLoop::*apply_one)(const Item&));
  void apply_update(const WatchedContainerPtr& seen);
  void apply_removal(const ContainerKey& key);
  void index_group(Container& container, const WatchedContainer* before);
  void sync_targets(Container& container, const ContainerStep& step);
  void resume(Container& container, const ContainerStep& step, Sight sight);
  void apply_to_probe(TargetId id, ProbeChange change);
  void pause(Container& container);
  void hold_over(const ContainerKey& key);
  void drop(const ContainerKey& key);
  void follow_up(Container& container, const ContainerStep& step);
  void have_looked_at(Container& container);
  void cause_looked_up(const ContainerKey& key);

  void probe_now(TargetId id);
  void schedule_first(TargetId id);
  void run_due();
  void start_probe(TargetId id, SteadyTime due);
  void on_result(TargetId id, const ProbeResult& result);
  void schedule_next(TargetId id, Target& target);
  void probe_dependencies(const Container& container);
  void arm();
  void cancel(std::optional<EventLoop::TimerId>& timer);

  void publish(Container& container);
  void publish_probes(Container& container);
  void withdraw_probes(Container& container);

  const Clock& clock_;
  HealthTable& table_;
  prometheus::Histogram& lateness_;
  size_t limit_;
  const LookAt look_at_;

  EventLoop loop_;
  ProbeRunner runner_;
  ProbeSchedule schedule_;
  std::optional<EventLoop::TimerId> alarm_;
  TargetId next_target_ = 1;
  std::set<std::unique_ptr<Container>, ByKey> containers_;
  GroupIndex<Container> groups_;
  std::unordered_map<TargetId, Target> targets_;
  std::thread thread_;  // last: runs while all of the above is there
};

}  // namespace selfheal
