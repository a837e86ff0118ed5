// When the probe loop probes, and how much at once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/exporter/probe_loop_fixture.h"

namespace selfheal {
namespace {

TEST_F(ProbeLoopTest, ProbesAndPublishes) {
  see(container("web", server.port()));
  ASSERT_TRUE(becomes_healthy("web"));
  EXPECT_EQ(numbers("web")->http_status, 200);
  EXPECT_EQ(table.snapshot().containers.size(), 1U);
}

TEST_F(ProbeLoopTest, KeepsItsInterval) {
  see(container("web", server.port()));
  const SteadyTime begun = clock.steady_now();
  ASSERT_TRUE(becomes("web", [](const ProbeNumbers& n) { return n.attempts >= 6; }));
  const std::chrono::duration<double> took = clock.steady_now() - begun;
  EXPECT_GT(took.count(), 0.75);  // one at once, then at least four whole intervals
  EXPECT_LT(took.count(), 2.5);
  EXPECT_EQ(numbers("web")->skipped, 0U);
}

TEST_F(ProbeLoopTest, AFailureIsFollowedUpAtTheEdgeInterval) {
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

TEST_F(ProbeLoopTest, HangsFollowEachOtherWithoutPause) {
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

TEST_F(ProbeLoopTest, ARestartedContainerIsProbedAtOnceEvenWhileOneHangs) {
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

TEST_F(ProbeLoopTest, MoreThanTheLimitIsSkippedAndCounted) {
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

TEST_F(ProbeLoopTest, ManyContainersAreAllProbed) {
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

TEST_F(ProbeLoopTest, ManyRemovedAtOnceAllGo) {
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

TEST_F(ProbeLoopTest, DockersHealthIsAskedWhenItChanges) {
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
