#include "exporter/discovery/memory_poller.h"

#include <algorithm>

namespace selfheal {
namespace {

bool is_earlier(const std::pair<const std::string, SteadyTime>& a,
                const std::pair<const std::string, SteadyTime>& b) {
  return a.second < b.second;
}

}  // namespace

void MemoryPoller::watch(const std::set<std::string>& ids, SteadyTime now) {
  std::erase_if(due_, [&](const auto& item) { return !ids.contains(item.first); });
  for (const std::string& id : ids) due_.emplace(id, now);
}

std::optional<std::string> MemoryPoller::take_due(SteadyTime now) {
  const auto time = next();
  if (!time || now < *time) return std::nullopt;
  const auto earliest = std::min_element(due_.begin(), due_.end(), is_earlier);
  earliest->second = now + interval_;
  under_way_ = true;
  return earliest->first;
}

std::optional<SteadyTime> MemoryPoller::next() const {
  if (under_way_ || due_.empty()) return std::nullopt;
  return std::min_element(due_.begin(), due_.end(), is_earlier)->second;
}

}  // namespace selfheal
