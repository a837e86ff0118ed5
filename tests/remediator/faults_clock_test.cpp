// The clock is set an hour forward or back at every stage of an incident. Nothing is done for it,
// and nothing waits for longer than it would have.
#include <algorithm>
#include <cerrno>

#include "tests/remediator/clock_fixture.h"
#include "tests/remediator/disk_fault.h"

namespace selfheal {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

INSTANTIATE_TEST_SUITE_P(AnHour, FaultsClockTest, testing::Values(1, -1), direction);

TEST_P(FaultsClockTest, WhileItWaits) {
  hold(true);
  shop_.fire();
  shop_.run(seconds(20));
  set_clock();
  shop_.run(minutes(2));
  EXPECT_EQ(shop_.incident().reason, "hold") << "neither over nor forgotten";
  hold(false);
  shop_.run(seconds(5));
  EXPECT_THAT(shop_.actions(), SizeIs(1));
  expect_told();
  expect_recovery();
}

TEST_P(FaultsClockTest, WhileItActs) {
  shop_.docker.next_action({FakeDocker::Effect::none, DockerFailureKind::timeout});
  shop_.fire();
  shop_.step();
  shop_.run(seconds(2));
  set_clock();
  shop_.run(seconds(10));
  EXPECT_EQ(shop_.incident().state, IncidentState::acting);
  shop_.docker.change("web",
                      [&](ContainerDetails& web) { web.started_at = shop_.clock.wall_now(); });
  shop_.run(seconds(1));
  EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
  expect_told();
  expect_recovery();
}

TEST_P(FaultsClockTest, AnActionWithoutEffectIsGivenUpWhenItWouldHaveBeen) {
  shop_.docker.next_action({FakeDocker::Effect::none, DockerFailureKind::timeout});
  shop_.fire();
  shop_.step();
  shop_.run(seconds(2));
  set_clock();
  shop_.run(Milliseconds(22'800));
  EXPECT_EQ(shop_.incident().state, IncidentState::acting);
  shop_.run(Milliseconds(500));
  EXPECT_EQ(last_attempt().result, AttemptResult::no_effect);
  EXPECT_THAT(shop_.actions(), SizeIs(1));
}

// In the midst of the call to Docker, which stops the container, and can't start it.
TEST_P(FaultsClockTest, WhatWasLeftStoppedIsStarted) {
  // Not an hour ago: set back by that, the clock would give it the same start again.
  shop_.docker.change("web",
                      [](ContainerDetails& web) { *web.started_at -= std::chrono::hours(1); });
  FakeDocker::ActionScript script{FakeDocker::Effect::none, DockerFailureKind::timeout};
  script.meanwhile = [&] {
    set_clock();
    shop_.docker.change("web", [&](ContainerDetails& web) {
      web.state = ContainerState::exited;
      web.finished_at = shop_.clock.wall_now();
    });
    shop_.clock_keeper->keep();  // as the dispatcher does meanwhile
  };
  shop_.docker.next_action(script);
  shop_.fire();
  shop_.step();
  shop_.run(seconds(2));
  EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
  EXPECT_THAT(shop_.actions(), testing::ElementsAre("restart id-of-web t=10", "start id-of-web"));
}

// It stopped by the old time, and is seen by the new one.
TEST_P(FaultsClockTest, WhatWasLeftStoppedBeforeIsStarted) {
  FakeDocker::ActionScript script{FakeDocker::Effect::leaves_stopped, DockerFailureKind::closed};
  script.meanwhile = [&] {
    shop_.docker.change("web",
                        [&](ContainerDetails& web) { web.finished_at = shop_.clock.wall_now(); });
    shop_.docker.fail_all(DockerFailureKind::unreachable);
  };
  shop_.docker.next_action(script);
  shop_.fire();
  shop_.step();
  shop_.run(seconds(3));
  set_clock();
  shop_.docker.fail_all(std::nullopt);
  shop_.run(seconds(2));
  EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
  EXPECT_THAT(shop_.actions(), testing::ElementsAre("restart id-of-web t=10", "start id-of-web"));
}

TEST_P(FaultsClockTest, WhileItVerifies) {
  shop_.fire();
  shop_.step();
  shop_.run(seconds(5));
  set_clock();
  shop_.run(seconds(50));
  EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
  expect_told();
  expect_recovery();
}

TEST_P(FaultsClockTest, AVerificationEndsWhenItWouldHave) {
  shop_.fire();
  shop_.step();
  shop_.run(seconds(5));
  set_clock();
  shop_.run(seconds(54));
  EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
  shop_.run(seconds(2));
  EXPECT_EQ(last_attempt().result, AttemptResult::not_healthy);
}

// Probes are dated by the new time, Docker's start by the old one.
TEST_P(FaultsClockTest, AProofIsAskedForByTheNewTime) {
  shop_.fire();
  shop_.step();
  shop_.run(seconds(5));
  set_clock();
  shop_.run(seconds(1));
  const std::vector<std::string> queries = shop_.prometheus.queries();
  const auto last = std::find_if(queries.rbegin(), queries.rend(), [](const std::string& query) {
    return query.find(">= 2 and") != std::string::npos;
  });
  ASSERT_NE(last, queries.rend());
  EXPECT_THAT(*last, HasSubstr(GetParam() > 0 ? ") >= 10.000)" : ") >= -3590.000)"));
}

TEST_P(FaultsClockTest, WhileABackoffRuns) {
  shop_.fire();
  shop_.step();
  shop_.run(seconds(61));
  ASSERT_EQ(last_attempt().result, AttemptResult::not_healthy);
  set_clock();
  shop_.run(seconds(25));
  EXPECT_THAT(shop_.actions(), SizeIs(1)) << "as it would have been";
  shop_.run(seconds(10));
  EXPECT_THAT(shop_.actions(), SizeIs(2)) << "and no later";
  expect_recovery(2);
}

TEST_P(FaultsClockTest, WhileNothingCanBeWrittenTheOldTimeCounts) {
  hold(true);
  shop_.fire();
  const WallTime opened = shop_.incident().opened_at;
  {
    const DiskFault full(ENOSPC);
    set_clock();
    EXPECT_FALSE(shop_.clock_keeper->keep());
    EXPECT_EQ(shop_.journal_clock.wall_now(), opened);
  }
  EXPECT_TRUE(shop_.clock_keeper->keep());
  EXPECT_EQ(shop_.journal_clock.wall_now(), opened + hours(GetParam()));
  EXPECT_EQ(shop_.incident().opened_at, opened + hours(GetParam()));
}

TEST_P(FaultsClockTest, WhatWasConcludedByTheOldTimeIsConcludedAnew) {
  shop_.fire();
  policy([&](FakePrometheus::State& state) {
    state.meanwhile = [&] {
      set_clock();
      EXPECT_TRUE(shop_.clock_keeper->keep());
    };
  });
  shop_.step();
  EXPECT_THAT(shop_.actions(), IsEmpty());
  EXPECT_EQ(shop_.incident().state, IncidentState::waiting);
  // An hour ago by the new time, its container's start was a moment ago: that is waited for.
  shop_.run(seconds(11));
  EXPECT_THAT(shop_.actions(), SizeIs(1));
}

TEST(FaultsOfASmallSize, AreAdoptedWithoutAWord) {
  Workshop shop;
  shop.fire();
  shop.clock.set_wall(Milliseconds(-900));
  EXPECT_FALSE(shop.clock_keeper->keep());
  EXPECT_EQ(shop.journal_clock.wall_now(), shop.clock.wall_now());
}

}  // namespace
}  // namespace selfheal
