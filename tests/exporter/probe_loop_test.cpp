// The probe loop with real sockets on loopback and short intervals.
#include "exporter/probe_loop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporter/metrics/exporter_metrics.h"
#include "tests/exporter/eventually.h"
#include "tests/exporter/fake_docker.h"
#include "tests/exporter/samples.h"
#include "tests/exporter/stub_server.h"

namespace selfheal {
namespace {

const std::string kOk = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
const std::string kBroken = "HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n";

class Loop : public testing::Test {
 protected:
  WatchedContainer container(const std::string& name, int port) const {
    WatchedContainer seen;
    seen.key = {"host", name};
    seen.group = name;
    seen.id = "id-" + name;
    seen.state = ContainerState::running;
    seen.started_at = clock.wall_now();
    ProbeSpec spec;
    spec.module = ModuleSet().default_for(ProbeKind::http);
    spec.name = "default";
    spec.url = {ProbeKind::http, "http", "", port, "/", {}};
    spec.endpoints = {{"127.0.0.1", port}};
    spec.settings.interval = Milliseconds(200);
    spec.settings.edge_interval = Milliseconds(20);
    spec.settings.timeout = Milliseconds(150);
    spec.settings.start_period = Milliseconds(0);
    seen.probes = {spec};
    return seen;
  }
  void see(const WatchedContainer& seen) {
    InventoryChange change;
    change.updated = {std::make_shared<const WatchedContainer>(seen)};
    loop.apply(change);
  }
  void remove(const WatchedContainer& seen) {
    InventoryChange change;
    change.removed = {seen.key};
    loop.apply(change);
  }
  std::optional<ProbeNumbers> numbers(const std::string& name) const {
    for (const ProbeRow& row : table.snapshot().probes)
      if (row.identity->container->key.name == name) return row.numbers;
    return std::nullopt;
  }
  RecoveryCounts recoveries(const std::string& name) const {
    for (const ContainerRow& row : table.snapshot().containers)
      if (row.container->key.name == name) return row.recoveries;
    return {};
  }
  // As the watcher does it: what Docker says, if it is news, and that it was asked.
  void answer_look(const WatchedContainer& seen) {
    InventoryChange change;
    change.looked_at = {seen.key};
    loop.apply(change);
  }
  bool becomes(const std::string& name, const std::function<bool(const ProbeNumbers&)>& wanted) {
    return eventually([&] {
      const auto now = numbers(name);
      return now && wanted(*now);
    });
  }
  bool becomes_healthy(const std::string& name) {
    return becomes(name, [](const ProbeNumbers& n) { return n.healthy && n.success; });
  }

  SystemClock clock;
  FakeDocker docker;
  HealthTable table;
  ExporterMetrics metrics;
  std::atomic<int> looks{0};
  std::atomic<bool> docker_answers{true};
  ProbeLoop loop{
      clock, docker, table, metrics.probe_lateness(), 100, [this](const WatchedContainer& seen) {
        ++looks;
        if (docker_answers) answer_look(seen);
      }};
  StubServer server{kOk};
};

TEST_F(Loop, ProbesAndPublishes) {
  see(container("web", server.port()));
  ASSERT_TRUE(becomes_healthy("web"));
  EXPECT_EQ(numbers("web")->http_status, 200);
  EXPECT_EQ(table.snapshot().containers.size(), 1U);
}

TEST_F(Loop, KeepsItsInterval) {
  see(container("web", server.port()));
  const SteadyTime begun = clock.steady_now();
  ASSERT_TRUE(becomes("web", [](const ProbeNumbers& n) { return n.attempts >= 6; }));
  const std::chrono::duration<double> took = clock.steady_now() - begun;
  EXPECT_GT(took.count(), 0.75);  // one at once, then at least four whole intervals
  EXPECT_LT(took.count(), 2.5);
  EXPECT_EQ(numbers("web")->skipped, 0U);
}

TEST_F(Loop, AFailureIsFollowedUpAtTheEdgeInterval) {
  see(container("web", server.port()));
  ASSERT_TRUE(becomes_healthy("web"));
  server.set_answer(kBroken);
  ASSERT_TRUE(becomes("web", [](const ProbeNumbers& n) { return n.consecutive_failures >= 1; }));
  const SteadyTime first = clock.steady_now();
  ASSERT_TRUE(becomes("web", [](const ProbeNumbers& n) { return !n.healthy; }));
  EXPECT_LT(clock.steady_now() - first, std::chrono::milliseconds(180));
  server.set_answer(kOk);
  ASSERT_TRUE(becomes_healthy("web"));
  EXPECT_TRUE(eventually([&] { return recoveries("web").spontaneous == 1; }));
}

TEST_F(Loop, HangsFollowEachOtherWithoutPause) {
  see(container("web", server.port()));
  ASSERT_TRUE(becomes_healthy("web"));
  server.set_mode(StubServer::Mode::hang);
  ASSERT_TRUE(becomes("web", [](const ProbeNumbers& n) { return !n.healthy; }));
  const auto hung = *numbers("web");
  EXPECT_EQ(hung.failures[static_cast<size_t>(ProbeReason::timeout)], 3U);
  // From the start of the first to the end of the third: three timeouts, and little between.
  const double took = to_unix_seconds(clock.wall_now()) - hung.failing_since_s;
  EXPECT_GE(took, 0.44);
  EXPECT_LT(took, 0.60);
}

TEST_F(Loop, ARestartedContainerIsProbedAtOnceEvenWhileOneHangs) {
  WatchedContainer web = container("web", server.port());
  change_probe(web, [](ProbeSpec& spec) { spec.settings.timeout = Milliseconds(30'000); });
  see(web);
  ASSERT_TRUE(becomes_healthy("web"));
  server.set_mode(StubServer::Mode::hang);
  const int before = server.connections();
  ASSERT_TRUE(eventually([&] { return server.connections() > before; }));
  web.state = ContainerState::exited;
  web.stop_requested = true;
  see(web);
  server.set_mode(StubServer::Mode::answer);
  web.state = ContainerState::running;
  web.stop_requested = false;
  web.started_at = clock.wall_now();
  see(web);
  const SteadyTime started = clock.steady_now();
  ASSERT_TRUE(becomes("web", [](const ProbeNumbers& n) { return n.consecutive_successes == 1; }));
  EXPECT_LT(clock.steady_now() - started, std::chrono::milliseconds(100));
}

TEST_F(Loop, AStoppedContainerIsNotProbedAndItsSeriesAreHeld) {
  WatchedContainer web = container("web", server.port());
  see(web);
  ASSERT_TRUE(becomes_healthy("web"));
  web.state = ContainerState::exited;
  web.stop_requested = true;
  see(web);
  ASSERT_TRUE(eventually(
      [&] { return table.snapshot().containers[0].container->state == ContainerState::exited; }));
  const int before = server.connections();
  std::this_thread::sleep_for(Milliseconds(300));  // longer than the interval: nothing may happen
  EXPECT_EQ(server.connections(), before);
  EXPECT_TRUE(numbers("web")->healthy);
}

TEST_F(Loop, RemovedSeriesGoAtOnceAndARecreatedContainerGoesOn) {
  WatchedContainer web = container("web", server.port());
  see(web);
  ASSERT_TRUE(becomes_healthy("web"));
  server.set_answer(kBroken);
  ASSERT_TRUE(becomes("web", [](const ProbeNumbers& n) { return !n.healthy; }));
  remove(web);
  ASSERT_TRUE(eventually([&] { return table.snapshot().containers.empty(); }));
  EXPECT_FALSE(numbers("web"));
  server.set_answer(kOk);
  web.id = "another";
  change_probe(web, [](ProbeSpec& spec) { spec.container_id = "another"; });
  web.started_at = clock.wall_now();
  see(web);
  ASSERT_TRUE(becomes_healthy("web"));
  EXPECT_EQ(recoveries("web").restarted, 1U);
}

TEST_F(Loop, WhatIsTakenOutAndPutBackAsItWasIsProbedAgain) {
  const WatchedContainer web = container("web", server.port());
  see(web);
  ASSERT_TRUE(becomes_healthy("web"));
  remove(web);
  ASSERT_TRUE(eventually([&] { return table.snapshot().containers.empty(); }));
  see(web);
  ASSERT_TRUE(eventually([&] { return numbers("web").has_value(); }));
  const auto attempts = numbers("web")->attempts;
  EXPECT_TRUE(becomes("web", [&](const ProbeNumbers& n) { return n.attempts > attempts + 1; }));
}

TEST_F(Loop, ALookThatIsAnsweredAfterTheRemovalBringsNoSeriesBack) {
  docker_answers = false;
  const WatchedContainer web = container("web", server.port());
  see(web);
  ASSERT_TRUE(becomes_healthy("web"));
  server.set_answer(kBroken);
  ASSERT_TRUE(becomes("web", [](const ProbeNumbers& n) { return !n.healthy; }));
  server.set_answer(kOk);
  ASSERT_TRUE(eventually([&] { return looks == 1; }));
  InventoryChange change;
  change.removed = change.looked_at = {web.key};
  loop.apply(change);
  std::atomic<bool> applied{false};
  loop.after_applied([&] { applied = true; });
  ASSERT_TRUE(eventually([&] { return applied.load(); }));
  EXPECT_TRUE(table.snapshot().containers.empty());
  see(web);  // the outage is still to be told of
  EXPECT_TRUE(eventually([&] { return looks == 2; }));
}

// Its event comes late, or never: the good probe is there before.
TEST_F(Loop, DockerIsLookedAtForARestartBeforeARecoveryIsCounted) {
  docker_answers = false;
  WatchedContainer web = container("web", server.port());
  see(web);
  ASSERT_TRUE(becomes_healthy("web"));
  server.set_answer(kBroken);
  ASSERT_TRUE(becomes("web", [](const ProbeNumbers& n) { return !n.healthy; }));
  server.set_answer(kOk);
  ASSERT_TRUE(becomes_healthy("web"));
  EXPECT_TRUE(eventually([&] { return looks == 1; }));
  EXPECT_EQ(recoveries("web").spontaneous, 0U);
  web.started_at = clock.wall_now();
  see(web);
  answer_look(web);
  EXPECT_TRUE(eventually([&] { return recoveries("web").restarted == 1; }));
  EXPECT_EQ(recoveries("web").spontaneous, 0U);
  EXPECT_EQ(looks, 1);
}

TEST_F(Loop, OnAFirstFailureItsDependenciesAreProbedAtOnce) {
  StubServer db_server(kOk);
  WatchedContainer db = container("db", db_server.port());
  change_probe(db, [](ProbeSpec& spec) { spec.settings.interval = std::chrono::hours(1); });
  WatchedContainer web = container("web", server.port());
  web.dependencies = {"db"};
  see(db);
  see(web);
  ASSERT_TRUE(becomes_healthy("db"));
  ASSERT_TRUE(becomes_healthy("web"));
  server.set_answer(kBroken);
  ASSERT_TRUE(becomes("web", [](const ProbeNumbers& n) { return n.failing_since_s > 0; }));
  const double failing_since = numbers("web")->failing_since_s;
  EXPECT_TRUE(
      becomes("db", [&](const ProbeNumbers& n) { return n.last_success_s > failing_since; }));
}

TEST_F(Loop, OnADeathItsDependenciesAreProbedAtOnce) {
  WatchedContainer db = container("db", server.port());
  change_probe(db, [](ProbeSpec& spec) { spec.settings.interval = std::chrono::hours(1); });
  WatchedContainer web = container("web", 0);
  web.probes.clear();
  web.dependencies = {"db"};
  see(db);
  see(web);
  ASSERT_TRUE(becomes_healthy("db"));
  const double proven = numbers("db")->last_success_s;
  web.state = ContainerState::exited;
  web.finished_at = clock.wall_now();
  see(web);
  EXPECT_TRUE(becomes("db", [&](const ProbeNumbers& n) { return n.last_success_s > proven; }));
}

TEST_F(Loop, ProbesThatFailTogetherAreOneRecovery) {
  StubServer other(kOk);
  WatchedContainer web = container("web", server.port());
  ProbeSpec spec = *container("web", other.port()).probes[0];
  spec.name = "other";
  web.probes.push_back(spec);
  see(web);
  const auto all = [&](const std::function<bool(const ProbeNumbers&)>& wanted) {
    return eventually([&] {
      const auto rows = table.snapshot().probes;
      return rows.size() == 2 && std::all_of(rows.begin(), rows.end(), [&](const ProbeRow& row) {
               return wanted(row.numbers);
             });
    });
  };
  ASSERT_TRUE(all([](const ProbeNumbers& n) { return n.healthy; }));
  server.set_answer(kBroken);
  other.set_answer(kBroken);
  ASSERT_TRUE(all([](const ProbeNumbers& n) { return !n.healthy; }));
  server.set_answer(kOk);
  ASSERT_TRUE(eventually([&] {
    const auto rows = table.snapshot().probes;
    return rows[0].numbers.healthy || rows[1].numbers.healthy;
  }));
  EXPECT_EQ(recoveries("web").spontaneous, 0U);
  other.set_answer(kOk);
  ASSERT_TRUE(all([](const ProbeNumbers& n) { return n.healthy; }));
  EXPECT_TRUE(eventually([&] { return recoveries("web").spontaneous == 1; }));
  EXPECT_EQ(recoveries("web").restarted, 0U);
}

TEST_F(Loop, MoreThanTheLimitIsSkippedAndCounted) {
  loop.set_limit(1);
  server.set_mode(StubServer::Mode::hang);
  StubServer other(kOk);
  see(container("hanging", server.port()));
  see(container("other", other.port()));
  EXPECT_TRUE(eventually([&] {
    const auto a = numbers("hanging");
    const auto b = numbers("other");
    return a && b && a->skipped + b->skipped > 0;
  }));
}

TEST_F(Loop, ManyContainersAreAllProbed) {
  for (int i = 0; i < 200; ++i) {
    WatchedContainer web = container("web-" + std::to_string(i), server.port());
    web.started_at = clock.wall_now() - std::chrono::hours(1);  // they were there before
    see(web);
  }
  EXPECT_TRUE(eventually([&] {
    const auto all = table.snapshot().probes;
    return all.size() == 200 && std::all_of(all.begin(), all.end(), [](const ProbeRow& row) {
             return row.numbers.healthy;
           });
  }));
}

TEST_F(Loop, ManyRemovedAtOnceAllGo) {
  InventoryChange change, removal;
  for (int i = 0; i < 50; ++i) {
    const WatchedContainer web = container("web-" + std::to_string(i), server.port());
    change.updated.push_back(std::make_shared<const WatchedContainer>(web));
    removal.removed.push_back(web.key);
  }
  loop.apply(change);
  ASSERT_TRUE(eventually([&] { return table.snapshot().containers.size() == 50; }));
  loop.apply(removal);
  EXPECT_TRUE(eventually([&] { return table.snapshot().containers.empty(); }));
  EXPECT_TRUE(table.snapshot().probes.empty());
}

TEST_F(Loop, DockersHealthIsAskedWhenItChanges) {
  WatchedContainer web = container("web", 0);
  change_probe(web, [](ProbeSpec& spec) {
    spec.url = {ProbeKind::docker, "docker", "", 0, "", {}};
    spec.endpoints.clear();
    spec.container_id = "id-web";
    spec.settings.interval = std::chrono::hours(1);
    spec.settings.failure_threshold = 1;
  });
  ContainerDetails details = running_container("web");
  details.health = web.health = ContainerHealth::healthy;
  docker.set(details);
  see(web);
  ASSERT_TRUE(becomes_healthy("web"));
  details.health = web.health = ContainerHealth::unhealthy;
  docker.set(details);
  see(web);
  EXPECT_TRUE(becomes("web", [](const ProbeNumbers& n) { return !n.healthy; }));
}

}  // namespace
}  // namespace selfheal
