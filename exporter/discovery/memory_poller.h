// Whose memory is to be read, and when: of the containers that ask for it alone, one at a time,
// each once an interval. [pure]
//
// Docker walks the container's cgroup for an answer, some milliseconds for each; a container that
// did not ask must not cost that.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "common/base/clock.h"

namespace selfheal {

class MemoryPoller {
 public:
  explicit MemoryPoller(Milliseconds interval) : interval_(interval) {}

  // The ids of the containers that ask for it and run. A new one is due at once.
  void watch(const std::set<std::string>& ids, SteadyTime now);
  // The next one to read now; nothing while one is under way.
  std::optional<std::string> take_due(SteadyTime now);
  // The one under way has its answer, or none.
  void answered() { under_way_ = false; }
  // When take_due() gives the next one, unless something changes before.
  std::optional<SteadyTime> next() const;

 private:
  const Milliseconds interval_;
  std::map<std::string, SteadyTime> due_;  // by id
  bool under_way_ = false;
};

}  // namespace selfheal
