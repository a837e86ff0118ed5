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
  bool connection_is(bool wanted) {
    return eventually([&] { return connected == wanted; });
  }

  SystemClock clock;
  FakeDocker docker;
  std::mutex mutex;
  std::map<std::string, WatchedContainerPtr> seen;
  std::atomic<bool> connected{false};
  std::atomic<int> synced{0};
  DockerWatcher watcher{
      docker,
      clock,
      {std::chrono::minutes(10), {}},
      {[this](const InventoryChange& change) { take(change); },
       [this](const std::string&, bool answers) { connected = answers; }, [this] { ++synced; }}};
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

}  // namespace
}  // namespace selfheal
