// What a stop that somebody asked for makes of a container's failures.
#include <gmock/gmock.h>

#include "tests/exporter/container_monitor_fixture.h"

namespace selfheal {
namespace {

class MonitorOfStops : public MonitorFixture {
 protected:
  // Healthy, asked to stop at 10 s, and broken by its threshold meanwhile.
  void fail_while_it_stops() {
    become_healthy();
    web.stop_asked_at = at(10);
    update(10);
    for (double second : {10.5, 11.5}) record(fail_at(second));
  }
};

TEST_F(MonitorOfStops, ARequestedStopAndStartIsNoOutage) {
  become_healthy();
  record(fail_at(9.9));  // while it was shutting down
  die(10, true);
  update(10);
  start(20);
  update(20);
  EXPECT_FALSE(record(pass_at(20)).recovered);
}

TEST_F(MonitorOfStops, ADeathThatTurnsOutToBeRequestedIsNoOutage) {
  become_healthy();
  die(10, false);
  update(10);
  die(10, true);  // its events came late
  update(11);
  start(20);
  update(20);
  EXPECT_FALSE(record(pass_at(20)).recovered);
}

TEST_F(MonitorOfStops, AStopThatTakesItsTimeIsNoOutageHoweverManyProbesFailMeanwhile) {
  fail_while_it_stops();
  record(fail_at(12.5));
  die(13, true);
  update(13);
  EXPECT_EQ(monitor.probes()[0]->health.consecutive_failures(), 0);
  start(20);
  update(20);
  EXPECT_FALSE(record(pass_at(20)).recovered);
}

TEST_F(MonitorOfStops, NorIsARestartByHandThatIsOverBeforeAnybodyLooks) {
  fail_while_it_stops();
  start(12);
  update(12);
  EXPECT_EQ(monitor.probes()[0]->health.consecutive_failures(), 0);
  EXPECT_FALSE(record(pass_at(13)).recovered);
}

TEST_F(MonitorOfStops, NorIsADeploymentThatReplacesTheContainer) {
  fail_while_it_stops();
  web.id = "another";
  web.state = ContainerState::created;
  web.started_at.reset();
  update(12);
  start(12.5);
  update(12.5);
  EXPECT_EQ(monitor.probes()[0]->health.consecutive_failures(), 0);
  EXPECT_FALSE(record(pass_at(13)).recovered);
}

TEST_F(MonitorOfStops, WhatDoesNotComeUpAfterAStopByRequestIsAnOutageOfItsOwn) {
  fail_while_it_stops();
  start(12);
  update(12);
  for (double second : {13, 14}) record(fail_at(second));
  web.stop_asked_at = at(19);  // healed by a restart
  update(19);
  start(20);
  update(20);
  const ContainerStep healed = record(pass_at(21));
  ASSERT_TRUE(healed.recovered);
  EXPECT_EQ(healed.recovered->cause, RecoveryCause::restarted);
  EXPECT_NEAR(std::chrono::duration<double>(healed.recovered->duration).count(), 8.002, 1e-6);
}

TEST_F(MonitorOfStops, ARequestForARunBeforeTellsNothingOfThisOnesFailures) {
  web.stop_asked_at = at(-200);
  become_healthy();
  EXPECT_EQ(monitor.stopping_since(), std::nullopt);
  for (double second : {10, 11}) record(fail_at(second));
  die(12, true);  // by its exit code: the event was lost
  update(12);
  EXPECT_EQ(monitor.probes()[0]->health.consecutive_failures(), 2);
  start(13);
  update(13);
  EXPECT_TRUE(record(pass_at(14)).recovered);
}

TEST_F(MonitorOfStops, AHealingRestartThatIsLearntOfAfterTheGoodProbeIsARecovery) {
  become_healthy();
  for (double second : {10, 11}) record(fail_at(second));
  web.stop_asked_at = at(12);
  update(12);
  record(fail_at(12.5));
  EXPECT_TRUE(record(pass_at(15)).cause_unclear);
  start(14);
  update(15.1);
  const ContainerStep healed = record(pass_at(15.2));
  ASSERT_TRUE(healed.recovered);
  EXPECT_EQ(healed.recovered->cause, RecoveryCause::restarted);
}

TEST_F(MonitorOfStops, ARestartByHandThatIsLearntOfAfterTheGoodProbeIsNone) {
  fail_while_it_stops();
  record(pass_at(15));
  start(14);
  update(15.1);
  EXPECT_FALSE(record(pass_at(15.2)).recovered);
}

TEST_F(MonitorOfStops, ARequestThatIsLearntOfWithTheEndCountsFromItsOwnTime) {
  become_healthy();
  for (double second : {10.5, 11.5}) record(fail_at(second));
  web.stop_asked_at = at(10);
  die(13, true);
  update(13);
  EXPECT_EQ(monitor.probes()[0]->health.consecutive_failures(), 0);
}

TEST_F(MonitorOfStops, ItIsBeingStoppedSinceThatIsKnownUntilItHasEnded) {
  become_healthy();
  web.stop_asked_at = at(-50);  // by a clock that is a minute behind
  update(10);
  EXPECT_EQ(monitor.stopping_since(), at(10));
  web.health = ContainerHealth::unhealthy;
  update(11);
  EXPECT_EQ(monitor.stopping_since(), at(10));
  web.stop_asked_at = at(-51);  // an earlier one is told late
  web.state = ContainerState::paused;
  update(12);
  web.state = ContainerState::running;
  update(13);
  EXPECT_EQ(monitor.stopping_since(), at(10));
  web.stop_asked_at = at(800);  // anew, it had ignored that
  update(900);
  EXPECT_EQ(monitor.stopping_since(), at(900));
  die(901, true);
  update(901);
  EXPECT_EQ(monitor.stopping_since(), std::nullopt);
  start(902);
  update(902);
  EXPECT_EQ(monitor.stopping_since(), std::nullopt);
}

TEST_F(MonitorOfStops, WhatFailedWhileItWasStoppedIsNoOutageThoughItWasKilledInTheEnd) {
  become_healthy();
  web.stop_asked_at = at(10);
  update(10);
  for (double second : {11, 12, 13}) record(fail_at(second));
  update(20);  // SIGKILL, which goes with the first request
  die(20, true);
  update(20.1);
  EXPECT_EQ(monitor.probes()[0]->health.consecutive_failures(), 0);
}

TEST_F(MonitorOfStops, StoppedByAPersonForLongForgets) {
  become_healthy();
  record(fail_at(10));
  record(fail_at(11));
  die(12, true);
  update(12);
  monitor.forget_probes(at(72));
  EXPECT_EQ(monitor.probes()[0]->health.consecutive_failures(), 0);
  start(3600);
  update(3600);
  EXPECT_FALSE(record(pass_at(3601)).recovered);
}

}  // namespace
}  // namespace selfheal
