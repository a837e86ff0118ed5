// When a target is probed next: after a change of its container, and after the probe before.
//
// [pure] Owned by ProbeLoop, on its thread. In the steady state a target keeps to its grid; between
// states, and when it is asked for, it is probed sooner. probe_schedule.h has the arithmetic.
#pragma once

#include "exporter/health/container_monitor.h"
#include "exporter/health/probe_schedule.h"

namespace selfheal {

// How a container comes to be looked at again.
enum class Sight {
  found,  // for the first time, and it was there before us, with many others
  born,   // for the first time, and just started
  known,
  back,  // its series were withdrawn, and it comes with what it was
};
Sight first_sight(const WatchedContainer& seen, WallTime now);

// What a change of a running container asks of one of its probes.
enum class ProbeChange {
  none,
  restart,  // at once, and what is under way belongs to the run before
  at_once,  // or right after the one under way
  in_turn,  // at its first time, unless one is under way
};
ProbeChange change_of(const MonitoredProbe& probe, const ContainerStep& step, Sight sight);

// Spread over the edge interval, by identity: no herd at the exporter's start or at a reload.
SteadyTime first_probe(const ContainerKey& key, const ProbeSpec& spec, SteadyTime now);

class ProbePace {
 public:
  // A probe that was `due` is up, whether it is made or skipped.
  void begin(SteadyTime due, SteadyTime now);
  // One is wanted right after the one under way.
  void want_another() { again_ = true; }
  void want_no_other() { again_ = false; }
  GridTick next(const ContainerKey& key, const MonitoredProbe& probe, WallTime wall_now,
                SteadyTime now);

 private:
  SteadyTime due_{};  // of the probe under way
  SteadyTime started_{};
  bool on_grid_ = false;  // it is one of the steady state
  bool again_ = false;
};

}  // namespace selfheal
