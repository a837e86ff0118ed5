// A container that opted in, as the rest of the exporter sees it: one immutable value per change,
// made by Inventory, read by the probe loop and by scrapes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "common/docker/docker_api.h"
#include "exporter/probes/probe.h"

namespace selfheal {

// Identity over restarts and recreations. Ids change when a container is recreated, and two series
// for one container break the joins of the rules.
struct ContainerKey {
  std::string host;
  std::string name;
  bool operator==(const ContainerKey&) const = default;
  bool operator<(const ContainerKey& other) const {
    return std::tie(host, name) < std::tie(other.host, other.name);
  }
};

struct RestartCounts {
  uint64_t policy = 0;  // by Docker's restart policy
  uint64_t api = 0;  // by anybody through the API: docker restart, stop and start, the remediator
  bool operator==(const RestartCounts&) const = default;
};

struct WatchedContainer {
  ContainerKey key;
  std::string id;
  std::string image;
  std::string group;
  std::string action;
  std::string compose_project;
  std::string compose_service;

  ContainerState state = ContainerState::unknown;
  ContainerHealth health = ContainerHealth::none;
  std::optional<WallTime> started_at;
  std::optional<WallTime> finished_at;
  int exit_code = 0;
  bool stop_requested = false;
  RestartCounts restarts;
  uint64_t oom_kills = 0;
  uint64_t label_errors = 0;
  bool wants_memory = false;          // selfheal.memory=true
  std::optional<MemoryUsage> memory;  // while it runs, of those that want it, once it was read

  std::vector<std::string> dependencies;  // groups, all the way down, sorted
  std::vector<ProbeSpec> probes;

  bool running() const { return state == ContainerState::running; }
  bool operator==(const WatchedContainer&) const = default;
};

using WatchedContainerPtr = std::shared_ptr<const WatchedContainer>;

}  // namespace selfheal
