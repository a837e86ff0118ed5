#include "exporter/blackbox/probe_history.h"

#include <utility>

namespace selfheal {

void ProbeHistory::add(RecentProbe probe) {
  const std::lock_guard lock(mutex_);
  probe.id = ++last_id_;
  last_.push_back(std::move(probe));
  if (last_.size() <= limit_) return;
  if (last_.front().result.outcome != ProbeOutcome::passed)
    older_failures_.push_back(std::move(last_.front()));
  last_.pop_front();
  if (older_failures_.size() > limit_) older_failures_.pop_front();
}

std::vector<RecentProbe> ProbeHistory::newest_first() const {
  const std::lock_guard lock(mutex_);
  std::vector<RecentProbe> all(last_.rbegin(), last_.rend());
  all.insert(all.end(), older_failures_.rbegin(), older_failures_.rend());
  return all;
}

std::optional<RecentProbe> ProbeHistory::find(int64_t id) const {
  const std::lock_guard lock(mutex_);
  for (const std::deque<RecentProbe>* part : {&last_, &older_failures_}) {
    for (const RecentProbe& probe : *part) {
      if (probe.id == id) return probe;
    }
  }
  return std::nullopt;
}

}  // namespace selfheal
