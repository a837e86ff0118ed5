// What the probe loop makes of containers that stop, go, come again, start anew or die.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/exporter/probe_loop_fixture.h"

namespace selfheal {
namespace {

TEST_F(ProbeLoopTest, AStoppedContainerIsNotProbedAndItsSeriesAreHeld) {
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

TEST_F(ProbeLoopTest, FailuresThatCameOfAStopByRequestAreNotShownWhenItIsDown) {
  WatchedContainer web = container("web", server.port());
  see(web);
  ASSERT_TRUE(becomes_healthy("web"));
  web.stop_asked_at = clock.wall_now();
  see(web);
  server.set_answer(kBroken);
  ASSERT_TRUE(becomes("web", [](const ProbeNumbers& n) { return !n.healthy; }));
  web.state = ContainerState::exited;
  web.stop_requested = true;
  see(web);
  EXPECT_TRUE(becomes("web", [](const ProbeNumbers& n) { return n.consecutive_failures == 0; }));
}

TEST_F(ProbeLoopTest, RemovedSeriesGoAtOnceAndARecreatedContainerGoesOn) {
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

TEST_F(ProbeLoopTest, WhatIsTakenOutAndPutBackAsItWasIsProbedAgain) {
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

TEST_F(ProbeLoopTest, ALookThatIsAnsweredAfterTheRemovalBringsNoSeriesBack) {
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
TEST_F(ProbeLoopTest, DockerIsLookedAtForARestartBeforeARecoveryIsCounted) {
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

TEST_F(ProbeLoopTest, OnAFirstFailureItsDependenciesAreProbedAtOnce) {
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

TEST_F(ProbeLoopTest, OnADeathItsDependenciesAreProbedAtOnce) {
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

TEST_F(ProbeLoopTest, ProbesThatFailTogetherAreOneRecovery) {
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

}  // namespace
}  // namespace selfheal
