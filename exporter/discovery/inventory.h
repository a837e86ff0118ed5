// All containers that opted in, by name: takes inspects and events, gives out what changed.
//
// [pure] Owned by DockerWatcher, on its thread. Remembers a removed container for a minute, so that
// one that is recreated under its name goes on counting where it was.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "exporter/discovery/container_history.h"
#include "exporter/discovery/discovery_settings.h"
#include "exporter/discovery/target_discovery.h"
#include "exporter/discovery/watched_container.h"

namespace selfheal {

// A name that comes back within this time is the same container, recreated. As long are probe
// results kept over a stop (semantics.md).
inline constexpr std::chrono::seconds kHold{60};

struct InventoryChange {
  std::vector<WatchedContainerPtr> updated;
  std::vector<ContainerKey> removed;
  // For the log, once each.
  std::vector<std::pair<std::string, LabelError>> label_errors;  // container's name, fault
  // The circles of dependencies that were cut, if others than before; also that there are none now.
  std::optional<std::vector<std::string>> cycles;
  // As somebody wanted (DockerWatcher::look_at): what Docker says of them is in `updated`, or is
  // what was known.
  std::vector<ContainerKey> looked_at;
  bool empty() const { return updated.empty() && removed.empty() && !cycles && looked_at.empty(); }
};

class Inventory {
 public:
  explicit Inventory(Shared<DiscoverySettings> settings) : settings_(std::move(settings)) {}

  // The Docker host's name. Another one than before makes other containers of them all.
  void set_host(const std::string& host);
  // Where the engine answered (EngineInfo::address). Unless the configuration says otherwise, or it
  // is this machine, published ports are looked for there.
  void set_engine_address(const std::string& address);
  // Where published ports are looked for for no better reason than that; empty if there is one.
  std::string assumed_docker_host() const;

  void on_event(const DockerEvent& event);
  void observe(ContainerDetails details, std::optional<ContainerDetails> network_owner,
               SteadyTime now);
  void remove(const std::string& id, SteadyTime now);
  // Removes what is not in `ids`.
  void keep_only(const std::set<std::string>& ids, SteadyTime now);
  // From the configuration, reloaded.
  void reconfigure(Shared<DiscoverySettings> settings);

  bool knows(const std::string& id) const { return name_of_id_.contains(id); }
  // The ids of those whose network is this container's (network_mode: container:ID).
  std::vector<std::string> sharing_network_of(const std::string& id) const;
  // The ids of those that run and ask for their memory to be read.
  std::set<std::string> wanting_memory() const;
  void set_memory(const std::string& id, const MemoryUsage& usage);
  // The histories that want Docker's past events (ContainerHistory::needs_evidence).
  std::vector<ContainerHistory*> wanting_evidence();
  void on_past_event(const DockerEvent& event);

  // What changed since the last call.
  InventoryChange take_changes();

 private:
  struct Entry {
    ContainerHistory history;
    ContainerDetails details;
    std::optional<ContainerDetails> network_owner;
    DiscoveredContainer discovered;
    std::optional<MemoryUsage> memory;  // of the present container
    uint64_t label_errors = 0;
    std::vector<LabelError> logged;
    WatchedContainerPtr published;
    bool touched = true;  // since it was last compared with what is published
  };
  struct Retired {
    Entry entry;
    SteadyTime until;
  };

  Entry& entry_for(const std::string& name, SteadyTime now);
  Entry* entry_of(const std::string& id);
  void discover_again(Entry& entry);
  std::string docker_host() const;
  // By value: the caller's may live in what is erased here.
  void remove_name(std::string name, SteadyTime now);
  void forget_retired(SteadyTime now);
  void close_over_groups();
  WatchedContainer present(const Entry& entry) const;
  void publish(Entry& entry, InventoryChange& change);

  std::string host_;
  std::string engine_address_;
  Shared<DiscoverySettings> settings_;
  std::map<std::string, Entry> entries_;  // by name
  std::map<std::string, std::string> name_of_id_;
  std::map<std::string, std::string> network_owners_;     // by the id of who shares; few have one
  std::map<std::string, Retired> retired_;                // by name
  std::map<std::string, std::set<std::string>> closure_;  // by group
  std::vector<std::string> cycles_;
  InventoryChange pending_;  // removals and log lines since the last take_changes()
  bool groups_changed_ = false;
};

}  // namespace selfheal
