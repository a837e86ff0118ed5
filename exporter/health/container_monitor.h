// One container under watch: its probes' health, its outages, and what follows from a change.
//
// [pure] Owned by ProbeLoop, on its thread. Takes what discovery saw and what probes found, and
// answers with what the loop has to do about it; it starts nothing itself.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "exporter/discovery/watched_container.h"
#include "exporter/health/probe_schedule.h"
#include "exporter/health/recovery.h"
#include "exporter/health/target_health.h"

namespace selfheal {

struct MonitoredProbe {
  TargetId id;
  Shared<ProbeSpec> spec;
  TargetHealth health;
};

// What a container's change asks of the loop.
struct ContainerStep {
  bool started = false;         // a new run: probe everything at once
  bool stopped = false;         // no probes from now on
  bool first_failure = false;   // its dependencies have to be probed at once
  bool health_changed = false;  // Docker's own health: ask docker: probes at once
  bool cause_unclear = false;   // an outage is over: have Docker looked at, then cause_looked_up()
  std::vector<TargetId> added;
  std::vector<TargetId> changed;  // other settings, addresses or identity
  std::vector<TargetId> removed;
  std::optional<RecoveryEvent> recovered;
};

class ContainerMonitor {
 public:
  // `ids` gives each probe a number of its own.
  explicit ContainerMonitor(TargetId& ids) : ids_(ids) {}

  ContainerStep update(WatchedContainerPtr seen, WallTime now);
  ContainerStep record(MonitoredProbe& probe, const ProbeResult& result);
  // What Docker says of the container since a step said cause_unclear is in the last update(), or
  // it says nothing.
  ContainerStep cause_looked_up();
  // The container has been down for so long that its probes' state means nothing any more.
  void forget_probes(WallTime now);

  MonitoredProbe* find(TargetId id);
  const std::vector<std::unique_ptr<MonitoredProbe>>& probes() const { return probes_; }
  const WatchedContainer& seen() const { return *seen_; }
  const WatchedContainerPtr& seen_ptr() const { return seen_; }
  const RecoveryCounts& recoveries() const { return recoveries_; }
  // When it was learnt that Docker was asked to stop it, while it still runs.
  std::optional<WallTime> stopping_since() const;

 private:
  void sync_probes(ContainerStep& step, WallTime now);
  std::unique_ptr<MonitoredProbe> take_known(const Shared<ProbeSpec>& spec, ContainerStep& step);
  std::unique_ptr<MonitoredProbe> make_probe(const Shared<ProbeSpec>& spec, WallTime now);
  void note_death(const WatchedContainer* before, ContainerStep& step, WallTime now);
  void note_requested_stop();
  void note_start(const WatchedContainer* before, ContainerStep& step, WallTime now);
  void note_request(WallTime now);
  bool does_not_fail(const MonitoredProbe& probe) const;
  void check_settled(ContainerStep& step, WallTime at);
  void count(ContainerStep& step, std::optional<RecoveryEvent> recovered);

  TargetId& ids_;
  WatchedContainerPtr seen_;
  std::vector<std::unique_ptr<MonitoredProbe>> probes_;
  std::optional<WallTime> running_since_;  // StartedAt of the run the probes know of
  // That Docker was asked to stop that run; also when it has ended.
  struct StopRequest {
    WallTime asked_at;  // by Docker's clock, which may be another host's
    WallTime noted_at;  // by that which probes go by
  };
  std::optional<StopRequest> stop_request_;
  Recovery recovery_;
  RecoveryCounts recoveries_;
};

}  // namespace selfheal
