#include "exporter/discovery/container_history.h"

#include <gtest/gtest.h>

#include "tests/exporter/samples.h"

namespace selfheal {
namespace {

class History : public testing::Test {
 protected:
  History() { history.observe(web); }
  void see(const ContainerDetails& details) {
    web = details;
    history.observe(web);
  }
  void hear(const std::string& action, double seconds, Labels attributes = {}) {
    history.on_event(event(action, web.id, seconds, std::move(attributes)));
  }
  void kill(double seconds, const std::string& signal = "15") {
    hear("kill", seconds, {{"signal", signal}});
  }

  ContainerDetails web = running_container("web");
  ContainerHistory history;
};

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

TEST_F(History, ACrashIsNotRequested) {
  hear("die", 5);
  see(exited(web, 5, 1));
  EXPECT_FALSE(history.needs_evidence());
  EXPECT_FALSE(history.stop_requested());
}

TEST_F(History, KillDashNineFromInsideIsNotRequested) {
  hear("die", 5);
  see(exited(web, 5, 137));
  EXPECT_FALSE(history.stop_requested());
}

TEST_F(History, DockerStopAndDockerKillAreRequested) {
  kill(4.9);
  hear("die", 5);
  see(exited(web, 5, 143));
  EXPECT_TRUE(history.stop_requested());
  see(started(web, 10));
  EXPECT_FALSE(history.stop_requested());
  kill(19.9, "9");
  hear("die", 20);
  see(exited(web, 20, 137));
  EXPECT_TRUE(history.stop_requested());
}

TEST_F(History, TheContainersOwnStopSignalCounts) {
  web.stop_signal = "SIGUSR1";
  see(web);
  kill(4.9, "USR1");
  hear("die", 5);
  see(exited(web, 5, 1));
  EXPECT_TRUE(history.stop_requested());
}

TEST_F(History, AnotherSignalDoesNotCount) {
  kill(4.9, "1");  // SIGHUP: read your configuration
  hear("die", 5);
  see(exited(web, 5, 1));
  EXPECT_FALSE(history.stop_requested());
}

TEST_F(History, ARequestLongBeforeTheDeathDoesNotCount) {
  kill(1);  // it was ignored
  hear("die", 60);
  see(exited(web, 60, 139));
  EXPECT_FALSE(history.stop_requested());
}

TEST_F(History, ALongStopTimeoutIsWaitedFor) {
  web.stop_timeout = std::chrono::seconds(120);
  see(web);
  kill(1);
  hear("die", 100);
  see(exited(web, 100, 0));
  EXPECT_TRUE(history.stop_requested());
}

TEST_F(History, AStopEventAloneTellsAsWell) {
  hear("die", 5);
  hear("stop", 5.1);
  see(exited(web, 5, 137));
  EXPECT_TRUE(history.stop_requested());
}

TEST_F(History, ARequestForTheRunBeforeDoesNotCount) {
  kill(4.9);
  hear("die", 5);
  hear("stop", 5.1);
  see(started(web, 6));
  hear("die", 7);
  see(exited(web, 7, 1));
  EXPECT_FALSE(history.stop_requested());
}

TEST_F(History, SeenDownBeforeItsEventsAsksForEvidence) {
  see(exited(web, 5, 1));
  EXPECT_TRUE(history.needs_evidence());
  EXPECT_EQ(history.evidence_since_ns(), to_unix_ns(at(5)) - 60'000'000'000);
  history.on_past_event(event("kill", web.id, 4.9, {{"signal", "15"}}));
  history.on_past_event(event("die", web.id, 5));
  history.evidence_done();
  EXPECT_FALSE(history.needs_evidence());
  EXPECT_TRUE(history.stop_requested());
}

TEST_F(History, WithoutEvidenceTheExitCodeDecides) {
  for (const auto& [code, requested] :
       {std::pair{0, true}, {130, true}, {137, true}, {143, true}, {1, false}, {139, false}}) {
    ContainerHistory fresh;
    fresh.observe(exited(web, 5, code));
    ASSERT_TRUE(fresh.needs_evidence());
    fresh.evidence_done();
    EXPECT_FALSE(fresh.needs_evidence());
    EXPECT_EQ(fresh.stop_requested(), requested) << code;
  }
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

TEST_F(History, PodmanLosesTheEventOfAStopThenTheExitCodeDecides) {
  hear("die", 5, {{"containerExitCode", "0"}, {"exitCode", "0"}});
  see(exited(web, 5, 0));
  EXPECT_TRUE(history.stop_requested());
  see(started(web, 6));
  hear("die", 7, {{"containerExitCode", "1"}});
  see(exited(web, 7, 1));
  EXPECT_FALSE(history.stop_requested());
}

TEST_F(History, WhatTheKernelKilledForItsMemoryWasNotStoppedByRequest) {
  ContainerDetails dead = exited(web, 5, 137);
  dead.oom_killed = true;
  see(dead);
  history.evidence_done();
  EXPECT_FALSE(history.stop_requested());
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
