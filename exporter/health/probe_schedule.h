// What is due when: a heap of absolute deadlines.
//
// [pure] Owned by the probe loop. In the steady state a target keeps to a grid of its own, whose
// phase comes from its identity, so that starts are spread and slowness shows as skipped ticks
// instead of a silently longer interval. Between states the edge interval counts from the start of
// the last probe; when that outlasted it (a hang), the next one begins at once.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/base/clock.h"
#include "exporter/probes/target_id.h"

namespace selfheal {

// Where within its interval a target's grid lies: the same after every start of the exporter.
std::chrono::nanoseconds phase_of(std::string_view identity, Milliseconds interval);

struct GridTick {
  SteadyTime due;        // the first one after `now`
  uint64_t skipped = 0;  // those after `last` up to `now`
};
GridTick next_tick(std::chrono::nanoseconds phase, Milliseconds interval, SteadyTime last,
                   SteadyTime now);

SteadyTime next_edge(Milliseconds edge_interval, SteadyTime started, SteadyTime now);

class ProbeSchedule {
 public:
  struct Due {
    TargetId target;
    SteadyTime at;
  };

  // Instead of what the target was due for before.
  void set(TargetId target, SteadyTime at);
  void remove(TargetId target) { current_.erase(target); }
  std::optional<SteadyTime> next();
  // Takes up to `limit` of what is due, the most overdue first. What was taken is not due again
  // until it is set.
  std::vector<Due> take_due(SteadyTime now, size_t limit);
  size_t size() const { return current_.size(); }

 private:
  // Entries are never searched for: an outdated one is recognised by its serial when it comes up.
  struct Entry {
    SteadyTime at;
    TargetId target;
    uint64_t serial;
    bool operator>(const Entry& other) const { return at > other.at; }
  };
  bool is_valid(const Entry& entry) const;
  void pop();
  void drop_outdated();
  void shrink();

  std::vector<Entry> heap_;  // the earliest first, by std::push_heap() and std::greater
  std::unordered_map<TargetId, uint64_t> current_;  // serial of the valid entry
  uint64_t next_serial_ = 1;
};

}  // namespace selfheal
