// Outages of a container that has several probes, or other ones than before.
#include "tests/exporter/container_monitor_fixture.h"

namespace selfheal {
namespace {

class MonitorOfSeveralProbes : public MonitorFixture {};

TEST_F(MonitorOfSeveralProbes, SeveralProbesAreOneOutage) {
  web.probes = {probe_spec("default"), probe_spec("other", 81)};
  become_healthy();
  for (size_t i : {0, 0, 1, 1}) record(fail_at(10), i);
  EXPECT_FALSE(record(pass_at(12), 0).recovered);
  EXPECT_TRUE(record(pass_at(13), 1).cause_unclear);
  EXPECT_TRUE(monitor.cause_looked_up().recovered);
  EXPECT_FALSE(record(pass_at(14), 0).cause_unclear);
  EXPECT_EQ(monitor.recoveries().spontaneous, 1U);
}

TEST_F(MonitorOfSeveralProbes, SeveralProbesThatFailTogetherAreOneRecoveryByARestart) {
  web.probes = {probe_spec("default"), probe_spec("other", 81)};
  become_healthy();
  for (size_t i : {1, 0, 1, 0}) record(fail_at(10), i);
  die(12, true);
  update(12);
  start(12.5);
  update(12.5);
  EXPECT_FALSE(record(pass_at(13), 1).recovered);
  const ContainerStep healed = record(pass_at(14), 0);
  ASSERT_TRUE(healed.recovered);
  EXPECT_EQ(healed.recovered->cause, RecoveryCause::restarted);
  EXPECT_FALSE(record(pass_at(15), 1).recovered);
  EXPECT_EQ(monitor.recoveries().restarted, 1U);
  EXPECT_EQ(monitor.recoveries().spontaneous, 0U);
}

TEST_F(MonitorOfSeveralProbes, OneThatDidNotFailMustStillPassAfterTheRestart) {
  web.probes = {probe_spec("default"), probe_spec("other", 81)};
  become_healthy();
  for (int i = 0; i < 2; ++i) record(fail_at(10), 0);
  start(12);
  update(12);
  EXPECT_FALSE(record(pass_at(13), 0).recovered);
  EXPECT_TRUE(record(pass_at(14), 1).recovered);
}

TEST_F(MonitorOfSeveralProbes, AProbeThatHangsTellsLastButCountsFromItsStart) {
  web.probes = {probe_spec("default"), probe_spec("other", 81)};
  become_healthy();
  record(fail_at(12), 1);
  ProbeResult hung = fail_at(10, ProbeReason::timeout);
  hung.duration = std::chrono::seconds(5);
  record(hung, 0);
  record(fail_at(15.5), 1);
  record(pass_at(20), 0);
  EXPECT_TRUE(record(pass_at(21), 1).cause_unclear);
  const ContainerStep healed = monitor.cause_looked_up();
  ASSERT_TRUE(healed.recovered);
  EXPECT_NEAR(std::chrono::duration<double>(healed.recovered->duration).count(), 11.002, 1e-6);
}

TEST_F(MonitorOfSeveralProbes, WhatIsNotProbedAnyMoreHasNotRecovered) {
  web.probes = {probe_spec("default"), probe_spec("other", 81)};
  become_healthy();
  for (double second : {10, 11}) record(fail_at(second), 1);
  web.probes = {probe_spec("default")};
  const ContainerStep step = update(12);
  EXPECT_FALSE(step.recovered);
  EXPECT_FALSE(step.cause_unclear);
  EXPECT_FALSE(record(pass_at(13)).cause_unclear);
}

TEST_F(MonitorOfSeveralProbes, AnOutageGoesOnWhenAnotherProbeTakesThePlaceOfTheFailingOne) {
  become_healthy();
  for (double second : {10, 11}) record(fail_at(second));
  web.probes = {probe_spec("default", 81)};
  update(12);
  EXPECT_TRUE(record(pass_at(13)).cause_unclear);
}

TEST_F(MonitorOfSeveralProbes, AProbeThatCanTellNothingKeepsNoOutageOpen) {
  web.probes = {probe_spec("default"), probe_spec("ping", 81)};
  update(0);
  record(pass_at(0), 0);
  record(inconclusive("may not ping"), 1);
  for (double second : {10, 11}) record(fail_at(second), 0);
  EXPECT_TRUE(record(pass_at(13), 0).cause_unclear);
}

// A crash loop of what has a HEALTHCHECK: each run ends before its first check.
TEST_F(MonitorOfSeveralProbes, AHealthcheckWithoutAVerdictYetEndsNoOutage) {
  ProbeSpec of_healthcheck = probe_spec("default");
  of_healthcheck.url.kind = ProbeKind::docker;
  web.probes = {of_healthcheck};
  web.health = ContainerHealth::starting;
  update(0);
  for (double now : {10., 20., 30.}) {
    record(inconclusive("no verdict yet"));
    die(now + 5, false);
    update(now + 5);
    start(now + 6);
    EXPECT_FALSE(update(now + 6).recovered);
    EXPECT_FALSE(record(inconclusive("no verdict yet")).recovered);
  }
  web.health = ContainerHealth::unhealthy;
  EXPECT_FALSE(update(40).recovered);
  web.health = ContainerHealth::healthy;
  EXPECT_TRUE(update(50).recovered);
}

}  // namespace
}  // namespace selfheal
