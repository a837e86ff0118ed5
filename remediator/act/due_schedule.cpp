#include "remediator/act/due_schedule.h"

namespace selfheal {

void DueSchedule::set(int64_t incident_id, WallTime due_at) {
  erase(incident_id);
  due_at_[incident_id] = due_at;
  in_order_.emplace(due_at, incident_id);
}

void DueSchedule::erase(int64_t incident_id) {
  const auto known = due_at_.find(incident_id);
  if (known == due_at_.end()) return;
  in_order_.erase({known->second, incident_id});
  due_at_.erase(known);
}

std::vector<int64_t> DueSchedule::take_due(WallTime now) {
  std::vector<int64_t> due;
  while (!in_order_.empty() && in_order_.begin()->first <= now) {
    due.push_back(in_order_.begin()->second);
    erase(due.back());
  }
  return due;
}

std::optional<WallTime> DueSchedule::next() const {
  if (in_order_.empty()) return std::nullopt;
  return in_order_.begin()->first;
}

}  // namespace selfheal
