// A watcher of a fake engine, and what it has told.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "exporter/discovery/docker_watcher.h"
#include "tests/exporter/eventually.h"
#include "tests/exporter/fake_docker.h"
#include "tests/exporter/samples.h"

namespace selfheal {

class WatcherFixture : public testing::Test {
 protected:
  ~WatcherFixture() override {
    docker.shut_down();
    watcher.stop();
  }

  void take(const InventoryChange& change) {
    const std::lock_guard lock(mutex);
    for (const ContainerKey& key : change.removed) seen.erase(key.name);
    for (const WatchedContainerPtr& container : change.updated)
      seen[container->key.name] = container;
    if (change.cycles) cycles = change.cycles->size();
    for (const ContainerKey& key : change.looked_at) looked_at.push_back(key.name);
  }
  WatchedContainerPtr find(const std::string& name) {
    const std::lock_guard lock(mutex);
    const auto found = seen.find(name);
    return found == seen.end() ? nullptr : found->second;
  }
  bool sees(const std::string& name, ContainerState state) {
    return eventually([&] {
      const auto found = find(name);
      return found && found->state == state;
    });
  }
  // Whether `name` was looked at for us, once, and was seen to have been started at `seconds`.
  bool was_looked_at(const std::string& name, double seconds) {
    return eventually([&] {
      const auto found = find(name);
      const std::lock_guard lock(mutex);
      return looked_at == std::vector<std::string>{name} && found->started_at == at(seconds);
    });
  }
  bool connection_is(bool wanted) {
    return eventually([&] { return connected == wanted; });
  }

  SystemClock clock;
  FakeDocker docker;
  std::mutex mutex;
  std::map<std::string, WatchedContainerPtr> seen;
  std::vector<std::string> looked_at;
  std::atomic<bool> connected{false};
  std::atomic<int> losses{0};
  std::atomic<int> synced{0};
  std::atomic<size_t> cycles{0};
  DockerWatcher watcher{docker,
                        clock,
                        {std::chrono::minutes(10), {}, Milliseconds(20)},
                        {[this](const InventoryChange& change) { take(change); },
                         [this](const std::string&, bool answers) {
                           connected = answers;
                           if (!answers) ++losses;
                         },
                         [this] { ++synced; }}};
  ContainerDetails web = running_container("web");
  // Events are told apart by their time, and asked for from ten minutes before the list.
  double now = std::chrono::duration<double>(clock.wall_now() - at(0)).count();
};

}  // namespace selfheal
