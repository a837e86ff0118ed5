// What a watcher sees of containers, by their events and by looking.
#include <utility>

#include "tests/exporter/docker_watcher_fixture.h"

namespace selfheal {
namespace {

class Watcher : public WatcherFixture {};

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

TEST_F(Watcher, AStopThatWasAskedForBeforeItsOwnStartIsKnown) {
  docker.set(web);
  docker.emit(event("oom", web.id, now - 40));
  docker.emit(event("kill", web.id, now - 30, {{"signal", "15"}}));
  watcher.start();
  ASSERT_TRUE(eventually([&] { return find("web") && find("web")->being_stopped(); }));
  EXPECT_EQ(find("web")->oom_kills, 0U) << "what happened before counts nothing";
}

TEST_F(Watcher, AnEngineWhoseClockIsBehindIsHeardAllTheSame) {
  docker.set(web);
  watcher.start();
  ASSERT_TRUE(sees("web", ContainerState::running));
  docker.set(exited(web, now - 5, 1));
  docker.emit(event("die", web.id, now - 5));
  EXPECT_TRUE(sees("web", ContainerState::exited));
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
