// Whether somebody asked for a container's stop, and when.
#include "tests/exporter/container_history_fixture.h"

namespace selfheal {
namespace {

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

TEST_F(History, SignalsHaveNumbersAndManyNames) {
  for (const auto& [own, told] : {std::pair{"SIGWINCH", "28"},
                                  {"USR1", "10"},
                                  {"sigusr1", "SIGUSR1"},
                                  {"SIGRTMIN+3", "37"},
                                  {"SIGRTMAX-1", "63"},
                                  {"SIGRTMIN", "34"},
                                  {"RTMAX", "64"},
                                  {"1", "SIGHUP"},
                                  {"SIGQUIT", "15"}}) {
    ContainerHistory fresh;
    web.stop_signal = own;
    fresh.observe(web);
    fresh.on_event(event("kill", web.id, 4, {{"signal", "12"}}));
    EXPECT_FALSE(fresh.stop_asked_at()) << own;
    fresh.on_event(event("kill", web.id, 5, {{"signal", told}}));
    EXPECT_EQ(fresh.stop_asked_at(), at(5)) << own;
    fresh.on_event(event("die", web.id, 6));
    fresh.observe(exited(web, 6, 1));
    EXPECT_TRUE(fresh.stop_requested()) << own;
  }
}

TEST_F(History, WhenItWasAskedToStop) {
  EXPECT_FALSE(history.stop_asked_at());
  kill(3, "3");  // SIGQUIT: a JVM writes its threads down, and goes on
  EXPECT_FALSE(history.stop_asked_at());
  kill(5);
  kill(15, "9");  // its time is up
  EXPECT_EQ(history.stop_asked_at(), at(5));
  kill(4);  // told late
  EXPECT_EQ(history.stop_asked_at(), at(4));
  kill(700);  // the first one was ignored
  EXPECT_EQ(history.stop_asked_at(), at(700));
  see(started(web, 701));
  EXPECT_EQ(history.stop_asked_at(), at(700)) << "of whichever run";
  web.id = "recreated";
  see(started(web, 702));
  EXPECT_EQ(history.stop_asked_at(), at(700)) << "of whichever run";
  kill(703);
  EXPECT_EQ(history.stop_asked_at(), at(703)) << "it is another run's";
}

TEST_F(History, AStopRightAfterARestartIsThatOfTheNewRun) {
  kill(5);
  hear("die", 6);
  hear("start", 7);
  kill(8);  // before anybody has looked
  see(started(web, 7));
  EXPECT_EQ(history.stop_asked_at(), at(8));
}

TEST_F(History, WhatShutsDownForLongAfterASignalWasRequested) {
  kill(1);
  hear("die", 60);
  see(exited(web, 60, 0));
  EXPECT_TRUE(history.stop_requested());
  see(started(web, 100));
  kill(101);
  hear("die", 160);
  see(exited(web, 160, 137));  // by kill -9 from inside
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

}  // namespace
}  // namespace selfheal
