// What is probed, as the rest of the exporter sees it: a container that opted in, or a target from
// the configuration file. One immutable value per change, made by Inventory or static_targets.*,
// read by the probe loop and by scrapes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "common/base/shared.h"
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

// configured: a target from the configuration file. Its key is {"", its name}, and nothing but the
// network knows it: it counts as always running, has no Docker state and can't be restarted.
enum class Origin { docker, configured };

struct WatchedContainer {
  ContainerKey key;
  Origin origin = Origin::docker;
  std::string id;
  std::string image;
  std::string group;
  Labels labels;  // of a configured one: what its series carry beside `target`
  std::string action;
  std::string compose_project;
  std::string compose_service;

  ContainerState state = ContainerState::unknown;
  ContainerHealth health = ContainerHealth::none;
  std::optional<WallTime> started_at;
  std::optional<WallTime> finished_at;
  int exit_code = 0;
  bool stop_requested = false;            // it is down, and somebody asked for that
  std::optional<WallTime> stop_asked_at;  // when Docker was asked for that, of any run
  RestartCounts restarts;
  uint64_t oom_kills = 0;
  uint64_t label_errors = 0;
  bool wants_memory = false;          // selfheal.memory=true
  std::optional<MemoryUsage> memory;  // while it runs, of those that want it, once it was read

  std::vector<std::string> dependencies;  // groups, all the way down, sorted
  std::vector<Shared<ProbeSpec>> probes;

  bool running() const { return state == ContainerState::running; }
  // Docker was asked to stop its present run, which goes on so far.
  bool being_stopped() const { return running() && started_at && stop_asked_at >= started_at; }
  bool operator==(const WatchedContainer&) const = default;
};

using WatchedContainerPtr = std::shared_ptr<const WatchedContainer>;

}  // namespace selfheal
