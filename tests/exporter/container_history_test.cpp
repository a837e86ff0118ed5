// How often a container was restarted, by whom, and how often it was killed for want of memory.
#include "tests/exporter/container_history_fixture.h"

namespace selfheal {
namespace {

TEST_F(History, StartsAtZero) {
  EXPECT_EQ(history.restarts(), RestartCounts{});
  EXPECT_EQ(history.oom_kills(), 0U);
  EXPECT_FALSE(history.stop_requested());
}

TEST_F(History, ARestartByApi) {
  see(started(web, 10));
  EXPECT_EQ(history.restarts(), (RestartCounts{0, 1}));
}

TEST_F(History, ARestartByPolicySeenWhole) {
  web.restart_count = 1;
  see(started(web, 10));
  EXPECT_EQ(history.restarts(), (RestartCounts{1, 0}));
}

TEST_F(History, ARestartByPolicySeenInItsBackoff) {
  web.restart_count = 1;
  web.state = ContainerState::restarting;
  see(web);
  EXPECT_EQ(history.restarts(), (RestartCounts{1, 0}));
  see(started(web, 10));
  EXPECT_EQ(history.restarts(), (RestartCounts{1, 0}));
  see(started(web, 20));
  EXPECT_EQ(history.restarts(), (RestartCounts{1, 1}));
}

TEST_F(History, FirstSeenInTheBackoffOfARestart) {
  ContainerHistory fresh;
  web.restart_count = 7;
  web.state = ContainerState::restarting;
  fresh.observe(web);
  fresh.observe(started(web, 10));
  EXPECT_EQ(fresh.restarts(), RestartCounts{});
}

TEST_F(History, ARestartByApiResetsDockersCount) {
  web.restart_count = 5;
  see(started(web, 10));
  ASSERT_EQ(history.restarts(), (RestartCounts{5, 0}));
  web.restart_count = 0;
  see(started(web, 20));
  EXPECT_EQ(history.restarts(), (RestartCounts{5, 1}));
}

TEST_F(History, BothBetweenTwoLooks) {
  web.restart_count = 5;
  see(started(web, 10));
  web.restart_count = 2;
  see(started(web, 20));
  EXPECT_EQ(history.restarts(), (RestartCounts{7, 1}));
}

TEST_F(History, LookingAgainCountsNothing) {
  see(web);
  see(exited(web, 5, 1));
  see(web);
  EXPECT_EQ(history.restarts(), RestartCounts{});
}

TEST_F(History, TheFirstStartOfACreatedContainerIsNoRestart) {
  ContainerDetails created = running_container("new");
  created.state = ContainerState::created;
  created.started_at.reset();
  ContainerHistory fresh;
  fresh.observe(created);
  fresh.observe(started(created, 3));
  EXPECT_EQ(fresh.restarts(), RestartCounts{});
}

TEST_F(History, GoesOnOverARecreation) {
  see(started(web, 10));
  web.id = "other";
  see(started(web, 20));
  EXPECT_EQ(history.restarts(), (RestartCounts{0, 1}));
}

TEST_F(History, PastEventsCountNothing) {
  history.on_past_event(event("oom", web.id, 1));
  EXPECT_EQ(history.oom_kills(), 0U);
}

TEST_F(History, OomKillsByEventAndByState) {
  hear("oom", 4);
  hear("die", 5);
  web.oom_killed = true;
  see(exited(web, 5, 137));
  EXPECT_EQ(history.oom_kills(), 1U);
  see(started(web, 6));
  web.oom_killed = true;  // its event was missed
  see(exited(web, 8, 137));
  see(web);
  EXPECT_EQ(history.oom_kills(), 2U);
}

TEST_F(History, AnOomKillSeenInTheStateBeforeItsEventIsOne) {
  ContainerDetails dead = exited(web, 5, 137);
  dead.oom_killed = true;
  see(dead);
  hear("oom", 4.9);
  EXPECT_EQ(history.oom_kills(), 1U);
  hear("oom", 5.5);
  EXPECT_EQ(history.oom_kills(), 2U);
}

TEST_F(History, OfTwoOomKillsTheStateTellsOfTheLaterOne) {
  ContainerDetails dead = exited(started(web, 6), 7, 137);
  dead.oom_killed = true;
  see(dead);
  hear("oom", 4);
  hear("oom", 6.9);
  EXPECT_EQ(history.oom_kills(), 2U);
}

TEST_F(History, AnOomKillStillShownInTheNextRunIsOne) {
  hear("oom", 4);
  web.oom_killed = true;
  see(exited(web, 5, 137));
  ContainerDetails again = started(web, 6);
  again.oom_killed = true;  // as Docker 20.10 leaves it
  see(again);
  see(again);
  EXPECT_EQ(history.oom_kills(), 1U);
  again.started_at = at(9);  // killed once more, and all that is seen of it is this
  see(again);
  EXPECT_EQ(history.oom_kills(), 2U);
}

TEST_F(History, AnOomKillFromBeforeTheExporterIsNotCounted) {
  ContainerHistory fresh;
  web.oom_killed = true;
  fresh.observe(exited(web, 5, 137));
  fresh.observe(exited(web, 5, 137));
  EXPECT_EQ(fresh.oom_kills(), 0U);
}

TEST_F(History, ARestartByApiInTheBackoffOfOneByPolicyIsOneOfEach) {
  web.restart_count = 1;
  web.state = ContainerState::restarting;
  see(web);
  web.restart_count = 0;  // a restart by API resets it
  see(started(web, 10));
  EXPECT_EQ(history.restarts(), (RestartCounts{1, 1}));
}

}  // namespace
}  // namespace selfheal
