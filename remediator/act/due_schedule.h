// When which incident is due: what the dispatcher remembers of the journal's queue, so that it need
// not be read as a whole after every step. [pure] Not thread-safe.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "common/base/clock.h"

namespace selfheal {

class DueSchedule {
 public:
  // Replaces what was known of the incident.
  void set(int64_t incident_id, WallTime due_at);
  void erase(int64_t incident_id);
  // All that are due, the most urgent first. They are no longer in the schedule then.
  std::vector<int64_t> take_due(WallTime now);
  // When the next one is.
  std::optional<WallTime> next() const;

 private:
  std::map<int64_t, WallTime> due_at_;
  std::set<std::pair<WallTime, int64_t>> in_order_;
};

}  // namespace selfheal
