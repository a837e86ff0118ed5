#include "bench/race/restart_watch.h"

#include <chrono>

namespace selfheal::race {
namespace {

WallTime wall_time_of(int64_t unix_ns) {
  return WallTime(
      std::chrono::duration_cast<WallTime::duration>(std::chrono::nanoseconds(unix_ns)));
}

}  // namespace

RestartWatch::RestartWatch(const DockerAddress& address, const Clock& clock)
    : docker_(address, clock), thread_(&RestartWatch::listen, this, to_unix_ns(clock.wall_now())) {}

RestartWatch::~RestartWatch() {
  docker_.shut_down();
  thread_.join();
}

void RestartWatch::listen(int64_t since_ns) {
  const auto end = docker_.events(since_ns, 0, [this](const DockerEvent& event) { note(event); });
  const std::lock_guard lock(mutex_);
  fault_ = end ? "Docker's stream of events has ended" : end.error().message;
  changed_.notify_all();
}

void RestartWatch::note(const DockerEvent& event) {
  const auto name = event.attributes.find("name");
  if (event.type != "container" || name == event.attributes.end()) return;
  const WallTime time = wall_time_of(event.time_ns);
  const std::lock_guard lock(mutex_);
  RestartSeen& seen = seen_[name->second];
  const auto keep_first = [time](std::optional<WallTime>& kept) {
    if (!kept) kept = time;
  };
  if (event.action == "kill") keep_first(seen.asked_to_stop);
  if (event.action == "start") keep_first(seen.started);
  if (event.action == "start") ++starts_[name->second];
  if (event.action == "restart") keep_first(seen.restarted);
  changed_.notify_all();
}

void RestartWatch::forget() {
  const std::lock_guard lock(mutex_);
  seen_.clear();
}

bool RestartWatch::await(const std::string& container, SteadyTime deadline,
                         std::optional<WallTime> RestartSeen::*what) {
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, deadline,
                      [&] { return (seen_[container].*what).has_value() || !fault_.empty(); });
  return (seen_[container].*what).has_value();
}

bool RestartWatch::await_started(const std::string& container, SteadyTime deadline) {
  return await(container, deadline, &RestartSeen::started);
}

bool RestartWatch::await_restarted(const std::string& container, SteadyTime deadline) {
  return await(container, deadline, &RestartSeen::restarted);
}

RestartSeen RestartWatch::seen(const std::string& container) const {
  const std::lock_guard lock(mutex_);
  const auto entry = seen_.find(container);
  return entry == seen_.end() ? RestartSeen{} : entry->second;
}

int RestartWatch::starts(const std::string& container) const {
  const std::lock_guard lock(mutex_);
  const auto entry = starts_.find(container);
  return entry == starts_.end() ? 0 : entry->second;
}

std::string RestartWatch::fault() const {
  const std::lock_guard lock(mutex_);
  return fault_;
}

}  // namespace selfheal::race
