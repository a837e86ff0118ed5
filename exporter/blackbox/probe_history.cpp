#include "exporter/blackbox/probe_history.h"

#include <algorithm>
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

template <class IsWanted>
std::optional<RecentProbe> ProbeHistory::newest_that(const IsWanted& is_wanted) const {
  const std::lock_guard lock(mutex_);
  for (const std::deque<RecentProbe>* part : {&last_, &older_failures_}) {
    const auto found = std::find_if(part->rbegin(), part->rend(), is_wanted);
    if (found != part->rend()) return *found;
  }
  return std::nullopt;
}

std::optional<RecentProbe> ProbeHistory::find(int64_t id) const {
  return newest_that([id](const RecentProbe& probe) { return probe.id == id; });
}

std::optional<RecentProbe> ProbeHistory::newest(const std::string& target,
                                                const std::string& module) const {
  return newest_that([&](const RecentProbe& probe) {
    return probe.target == target && (module.empty() || probe.module->name == module);
  });
}

}  // namespace selfheal
