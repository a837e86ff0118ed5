#include "exporter/health/probe_schedule.h"

#include <algorithm>
#include <functional>

namespace selfheal {

using std::chrono::nanoseconds;

// FNV-1a, finished as in MurmurHash3: names that differ in their last letter get far-apart phases.
nanoseconds phase_of(std::string_view identity, Milliseconds interval) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : identity) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
  hash ^= hash >> 33;
  const uint64_t width = static_cast<uint64_t>(std::max<int64_t>(1, nanoseconds(interval).count()));
  return nanoseconds(static_cast<int64_t>(hash % width));
}

GridTick next_tick(nanoseconds phase, Milliseconds interval, SteadyTime last, SteadyTime now) {
  const int64_t width = std::max<int64_t>(1, nanoseconds(interval).count());
  const auto index = [&](SteadyTime time) {
    const int64_t offset = (nanoseconds(time.time_since_epoch()) - phase).count();
    return offset >= 0 ? offset / width : (offset + 1) / width - 1;
  };
  const int64_t passed = index(now);
  GridTick tick;
  tick.due = SteadyTime(phase + nanoseconds((passed + 1) * width));
  tick.skipped = static_cast<uint64_t>(std::max<int64_t>(0, passed - index(last)));
  return tick;
}

SteadyTime next_edge(Milliseconds edge_interval, SteadyTime started, SteadyTime now) {
  return std::max(now, started + edge_interval);
}

void ProbeSchedule::set(TargetId target, SteadyTime at) {
  const uint64_t serial = next_serial_++;
  current_[target] = serial;
  heap_.push_back({at, target, serial});
  std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
  shrink();
}

bool ProbeSchedule::is_valid(const Entry& entry) const {
  const auto current = current_.find(entry.target);
  return current != current_.end() && current->second == entry.serial;
}

void ProbeSchedule::pop() {
  std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
  heap_.pop_back();
}

void ProbeSchedule::drop_outdated() {
  while (!heap_.empty() && !is_valid(heap_.front())) pop();
}

// Entries that were set again and again before they came up must not pile up.
void ProbeSchedule::shrink() {
  if (heap_.size() < 64 || heap_.size() < 4 * current_.size()) return;
  std::erase_if(heap_, [this](const Entry& entry) { return !is_valid(entry); });
  std::make_heap(heap_.begin(), heap_.end(), std::greater<>());
}

std::optional<SteadyTime> ProbeSchedule::next() {
  drop_outdated();
  if (heap_.empty()) return std::nullopt;
  return heap_.front().at;
}

std::vector<ProbeSchedule::Due> ProbeSchedule::take_due(SteadyTime now, size_t limit) {
  std::vector<Due> due;
  while (due.size() < limit) {
    drop_outdated();
    if (heap_.empty() || heap_.front().at > now) break;
    due.push_back({heap_.front().target, heap_.front().at});
    current_.erase(heap_.front().target);
    pop();
  }
  return due;
}

}  // namespace selfheal
