// A service of a Swarm and its tasks, as a manager tells of them. Values.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/clock.h"

namespace selfheal {

using Labels = std::map<std::string, std::string>;

enum class ServiceUpdateState {
  none,  // never updated, or one was asked for and has not begun
  updating,
  paused,  // by itself: a new task failed
  completed,
  rolling_back,
  rollback_paused,
  rolled_back,
};
std::string_view to_string(ServiceUpdateState state);

struct ServiceDetails {
  std::string id;
  std::string name;
  uint64_t version = 0;  // changed with everything about it, its update's state included
  // How often a rolling update was forced: TaskTemplate.ForceUpdate. Each task carries the number
  // that it was made with.
  uint64_t force_update = 0;
  Labels labels;            // the service's own
  Labels container_labels;  // that each of its containers carries
  std::optional<WallTime> created_at;
  std::optional<WallTime> updated_at;        // the last time that its version changed
  std::optional<uint64_t> replicas;          // nothing: a task on each node
  uint64_t update_parallelism = 1;           // how many tasks an update replaces at once; 0: all
  std::chrono::nanoseconds update_pause{0};  // between tasks, and watching the last of them
  bool starts_new_first = false;  // an update starts the new task before it stops the old one
  ServiceUpdateState update_state = ServiceUpdateState::none;
  std::optional<WallTime> update_started_at;
  std::string update_message;  // for a person
};

// That runs, or is on its way there.
struct TaskDetails {
  std::string id;
  uint64_t slot = 0;  // from 1; 0 of a global service, which has one task a node
  std::string node_id;
  std::string container_id;  // empty until there is one
  uint64_t force_update = 0;
  bool running = false;  // and healthy, where it has a HEALTHCHECK
  std::string state;     // "preparing", "running", "failed", …
  WallTime since;        // when it got there
  std::string error;     // why it does not run, for a person
};

// The container of a task, as Docker names it.
std::string container_name(const ServiceDetails& service, const TaskDetails& task);

}  // namespace selfheal
