#include "exporter/discovery/docker_watcher.h"

#include <map>

#include <gtest/gtest.h>

#include "tests/exporter/eventually.h"
#include "tests/exporter/fake_docker.h"
#include "tests/exporter/samples.h"

namespace selfheal {
namespace {

class Watcher : public testing::Test {
 protected:
  ~Watcher() override {
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
  // Events are told apart by their time, and asked for from the time of the list.
  double now = std::chrono::duration<double>(clock.wall_now() - at(0)).count();
};

TEST_F(Watcher, ListsWhatIsThere) {
  docker.set(web);
  watcher.start();
  ASSERT_TRUE(sees("web", ContainerState::running));
  EXPECT_TRUE(eventually([&] { return synced == 1; }));
  EXPECT_TRUE(connection_is(true));
  EXPECT_EQ(find("web")->key.host, "host");
}

TEST_F(Watcher, AnEventMakesOneContainerBeInspected) {
  docker.set(web);
  watcher.start();
  ASSERT_TRUE(sees("web", ContainerState::running));
  docker.set(running_container("new"));
  docker.emit(event("start", "id-new", now + 1, {{"selfheal.enable", "true"}}));
  ASSERT_TRUE(sees("new", ContainerState::running));
  EXPECT_EQ(docker.lists(), 1);
  EXPECT_EQ(docker.inspects("id-web"), 1);
}

TEST_F(Watcher, LooksAtAContainerOfWhichNoEventTold) {
  docker.set(web);
  watcher.start();
  ASSERT_TRUE(sees("web", ContainerState::running));
  watcher.look_at(*find("web"));
  ASSERT_TRUE(eventually([&] {  // though nothing changed
    const std::lock_guard lock(mutex);
    return std::exchange(looked_at, {}) == std::vector<std::string>{"web"};
  }));
  web.started_at = at(now + 1);
  docker.set(web);
  watcher.look_at(*find("web"));
  EXPECT_TRUE(was_looked_at("web", now + 1));
  EXPECT_EQ(docker.lists(), 1);
}

TEST_F(Watcher, ALookThatFindsItDownAsksWhoStoppedIt) {
  docker.set(web);
  watcher.start();
  ASSERT_TRUE(sees("web", ContainerState::running));
  docker.forget_live_events(true);
  docker.emit(event("kill", web.id, now + 1, {{"signal", "15"}}));
  docker.emit(event("die", web.id, now + 1.1));
  docker.set(exited(web, now + 1.1, 1));
  watcher.look_at(*find("web"));
  ASSERT_TRUE(sees("web", ContainerState::exited));
  EXPECT_TRUE(find("web")->stop_requested);
}

TEST_F(Watcher, ALookWaitsForDockerToBeBack) {
  docker.set(web);
  watcher.start();
  ASSERT_TRUE(sees("web", ContainerState::running));
  docker.set_down(true);
  ASSERT_TRUE(connection_is(false));
  watcher.look_at(*find("web"));
  web.started_at = at(now + 1);
  docker.set(web);
  docker.set_down(false);
  EXPECT_TRUE(was_looked_at("web", now + 1));
}

TEST_F(Watcher, KillThenDieIsARequestedStop) {
  docker.set(web);
  watcher.start();
  ASSERT_TRUE(sees("web", ContainerState::running));
  docker.emit(event("kill", web.id, now + 1, {{"signal", "15"}}));
  docker.set(exited(web, now + 1.1, 0));
  docker.emit(event("die", web.id, now + 1.1));
  ASSERT_TRUE(sees("web", ContainerState::exited));
  EXPECT_TRUE(find("web")->stop_requested);
}

TEST_F(Watcher, DestroyedIsGone) {
  docker.set(web);
  watcher.start();
  ASSERT_TRUE(sees("web", ContainerState::running));
  docker.erase(web.id);
  docker.emit(event("destroy", web.id, now + 1));
  EXPECT_TRUE(eventually([&] { return find("web") == nullptr; }));
}

TEST_F(Watcher, OthersEventsAreNotInspected) {
  docker.set(web);
  watcher.start();
  ASSERT_TRUE(sees("web", ContainerState::running));
  docker.emit(event("exec_create: /healthcheck", web.id, now + 1));
  docker.emit(event("die", "id-other", now + 1.1));
  docker.set(exited(web, now + 2, 1));
  docker.emit(event("die", web.id, now + 2));
  ASSERT_TRUE(sees("web", ContainerState::exited));
  EXPECT_EQ(docker.inspects("id-other"), 0);
  EXPECT_EQ(docker.inspects(web.id), 2);
}

TEST_F(Watcher, ComesBackAfterDockerWasAway) {
  docker.set(web);
  watcher.start();
  ASSERT_TRUE(sees("web", ContainerState::running));
  ASSERT_TRUE(connection_is(true));
  docker.set_down(true);
  ASSERT_TRUE(connection_is(false));
  EXPECT_TRUE(find("web"));  // what was known stays
  docker.set(running_container("new"));
  docker.set_down(false);
  EXPECT_TRUE(connection_is(true));
  EXPECT_TRUE(sees("new", ContainerState::running));
  EXPECT_EQ(synced, 1);
}

TEST_F(Watcher, EventsMissedMeanwhileAreHeard) {
  docker.set(web);
  watcher.start();
  ASSERT_TRUE(sees("web", ContainerState::running));
  ASSERT_TRUE(connection_is(true));
  docker.set_down(true);
  ASSERT_TRUE(connection_is(false));
  docker.emit(event("kill", web.id, now + 1, {{"signal", "9"}}));
  docker.emit(event("die", web.id, now + 1.1));
  docker.set(exited(web, now + 1.1, 1));  // an exit code that alone would say: not requested
  docker.set_down(false);
  ASSERT_TRUE(sees("web", ContainerState::exited));
  EXPECT_TRUE(find("web")->stop_requested);
}

TEST_F(Watcher, WaitsForADockerThatIsNotThereYet) {
  docker.set_down(true);
  docker.set(web);
  watcher.start();
  EXPECT_FALSE(connected);
  docker.set_down(false);
  EXPECT_TRUE(sees("web", ContainerState::running));
}

TEST_F(Watcher, AtTheStartDockersHistoryTellsWhoStoppedIt) {
  docker.emit(event("kill", "id-a", now - 5.1, {{"signal", "15"}}));
  docker.emit(event("die", "id-a", now - 5));
  docker.emit(event("die", "id-b", now - 5));
  for (const char* name : {"a", "b", "c", "d"})
    docker.set(exited(running_container(name), now - 5, name[0] == 'd' ? 1 : 137));
  watcher.start();
  ASSERT_TRUE(sees("d", ContainerState::exited));
  EXPECT_TRUE(find("a")->stop_requested);
  EXPECT_FALSE(find("b")->stop_requested);  // kill -9 from inside
  EXPECT_TRUE(find("c")->stop_requested);   // history is silent: the exit code decides
  EXPECT_FALSE(find("d")->stop_requested);
}

TEST_F(Watcher, NewDefaultsNeedNoDocker) {
  docker.set(web);
  watcher.start();
  ASSERT_TRUE(sees("web", ContainerState::running));
  DiscoverySettings settings;
  settings.defaults.interval = std::chrono::seconds(3);
  watcher.reconfigure({std::chrono::minutes(10), settings});
  EXPECT_TRUE(eventually(
      [&] { return find("web")->probes[0]->settings.interval == std::chrono::seconds(3); }));
  EXPECT_EQ(docker.lists(), 1);
}

TEST_F(Watcher, ASharedNetworksOwnerIsLookedUp) {
  docker.set(web);
  ContainerDetails sidecar = running_container("sidecar");
  sidecar.network_mode = "container:" + web.id;
  sidecar.networks.clear();
  docker.set(sidecar);
  watcher.start();
  ASSERT_TRUE(sees("sidecar", ContainerState::running));
  ASSERT_EQ(find("sidecar")->probes.size(), 1U);
  EXPECT_EQ(find("sidecar")->probes[0]->endpoints.at(0).address, "172.17.0.2");
}

TEST_F(Watcher, WhoSharesANetworkFollowsItsOwner) {
  ContainerDetails owner = web;
  owner.labels.clear();  // not watched itself
  docker.set(owner);
  ContainerDetails sidecar = running_container("sidecar");
  sidecar.network_mode = "container:" + owner.id;
  sidecar.networks.clear();
  docker.set(sidecar);
  watcher.start();
  ASSERT_TRUE(sees("sidecar", ContainerState::running));
  owner.networks[0].ipv4 = "172.17.0.9";
  docker.set(started(owner, now + 1));
  docker.emit(event("start", owner.id, now + 1));
  EXPECT_TRUE(eventually(
      [&] { return find("sidecar")->probes[0]->endpoints.at(0).address == "172.17.0.9"; }));
}

TEST_F(Watcher, AnAddressInANewNetworkIsSeen) {
  docker.set(web);
  watcher.start();
  ASSERT_TRUE(sees("web", ContainerState::running));
  web.networks.push_back({"second", "172.18.0.2", ""});
  docker.set(web);
  DockerEvent connect = event("connect", "id-of-the-network", now + 1, {{"container", web.id}});
  connect.type = "network";
  docker.emit(connect);
  EXPECT_TRUE(eventually([&] { return find("web")->probes[0]->endpoints.size() == 2; }));
}

TEST_F(Watcher, WithoutEventsTheListIsEnough) {
  docker.refuse_events(DockerFailure{DockerFailureKind::refused, "not by this proxy"});
  watcher.reconfigure({Milliseconds(20), {}});
  docker.set(web);
  watcher.start();
  ASSERT_TRUE(sees("web", ContainerState::running));
  docker.set(running_container("new"));
  EXPECT_TRUE(sees("new", ContainerState::running));
  EXPECT_TRUE(connected);
  docker.set(exited(web, now, 137));
  EXPECT_TRUE(sees("web", ContainerState::exited));
  EXPECT_TRUE(find("web")->stop_requested) << "by its exit code";
}

TEST_F(Watcher, AStreamThatAlwaysBreaksOffIsNoLossOfDocker) {
  docker.refuse_events(DockerFailure{DockerFailureKind::failed, "503 from a proxy"});
  watcher.start();
  ASSERT_TRUE(connection_is(true));
  EXPECT_TRUE(eventually([&] { return docker.streams_refused() == 3; }));
  // Now the list alone is looked at.
  EXPECT_FALSE(eventually([&] { return docker.streams_refused() > 3; }, Milliseconds(1'500)));
  EXPECT_EQ(losses, 0);
}

TEST_F(Watcher, AContainerWhoseInspectHangsHidesNoOther) {
  docker.fail_inspect("id-a", DockerFailure{DockerFailureKind::timeout, "timed out"});
  for (const char* name : {"a", "b"}) docker.set(running_container(name));
  watcher.reconfigure({Milliseconds(20), {}});
  watcher.start();
  ASSERT_TRUE(sees("b", ContainerState::running));
  EXPECT_TRUE(connection_is(true));
  docker.fail_inspect("id-a", std::nullopt);
  EXPECT_TRUE(sees("a", ContainerState::running));
}

TEST_F(Watcher, AFloodOfEventsIsAFewInspects) {
  docker.set(web);
  watcher.start();
  ASSERT_TRUE(sees("web", ContainerState::running));
  constexpr int kEvents = 5'000;
  for (int i = 0; i < kEvents; ++i) docker.emit(event("start", web.id, now + 1 + i * 1e-6));
  docker.set(exited(web, now + 2, 1));
  docker.emit(event("die", web.id, now + 2));
  ASSERT_TRUE(sees("web", ContainerState::exited));
  EXPECT_LT(docker.inspects(web.id), kEvents / 5);
}

TEST_F(Watcher, MemoryIsReadForThoseThatAsk) {
  web.labels["selfheal.memory"] = "true";
  docker.set(web);
  docker.set(running_container("other"));
  docker.set_memory(MemoryUsage{10, 20});
  watcher.start();
  EXPECT_TRUE(eventually([&] {
    return find("web") && find("web")->memory == MemoryUsage{10, 20};
  }));
  docker.set_memory(MemoryUsage{15, 20});
  EXPECT_TRUE(eventually([&] { return find("web")->memory == MemoryUsage{15, 20}; }));
  docker.set_memory(DockerFailure{DockerFailureKind::failed, "no"});
  const int reads = docker.memory_reads(web.id);
  EXPECT_TRUE(eventually([&] { return docker.memory_reads(web.id) > reads + 1; }));
  EXPECT_EQ(docker.memory_reads("id-other"), 0);
}

TEST_F(Watcher, CirclesAreCounted) {
  docker.set(running_container("a", {{"selfheal.depends-on", "b"}}));
  docker.set(running_container("b", {{"selfheal.depends-on", "a"}}));
  watcher.start();
  EXPECT_TRUE(eventually([&] { return cycles == 1; }));
  docker.erase("id-b");
  docker.emit(event("destroy", "id-b", now + 1));
  EXPECT_TRUE(eventually([&] { return cycles == 0; }));
}

}  // namespace
}  // namespace selfheal
