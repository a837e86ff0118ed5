// What is an outage of a container, and what has ended it.
#include <gmock/gmock.h>

#include "tests/exporter/container_monitor_fixture.h"

namespace selfheal {
namespace {

class Monitor : public MonitorFixture {};

TEST_F(Monitor, TheFirstSightAddsProbesAndStarts) {
  const ContainerStep step = update(0);
  EXPECT_TRUE(step.started);
  EXPECT_THAT(step.added, testing::SizeIs(1));
  EXPECT_FALSE(update(1).started);
}

TEST_F(Monitor, ARestartThatHealsIsOneRecovery) {
  become_healthy();
  EXPECT_TRUE(record(fail_at(10)).first_failure);
  EXPECT_FALSE(record(fail_at(11)).first_failure);
  die(12, true);
  EXPECT_TRUE(update(12).stopped);
  start(12.5);
  EXPECT_TRUE(update(12.5).started);
  EXPECT_EQ(monitor.probes()[0]->health.consecutive_failures(), 2);
  const ContainerStep healed = record(pass_at(13));
  ASSERT_TRUE(healed.recovered);
  EXPECT_EQ(healed.recovered->cause, RecoveryCause::restarted);
  EXPECT_NEAR(std::chrono::duration<double>(healed.recovered->duration).count(), 3.002, 1e-6);
  EXPECT_EQ(monitor.recoveries().restarted, 1U);
  EXPECT_FALSE(record(pass_at(14)).recovered);
}

TEST_F(Monitor, ARestartThatIsLearntOfAfterTheGoodProbeIsTheCause) {
  become_healthy();
  for (double second : {10, 11}) record(fail_at(second));
  EXPECT_TRUE(record(pass_at(13)).cause_unclear);
  start(12);
  EXPECT_TRUE(update(13.1).started);
  EXPECT_FALSE(monitor.cause_looked_up().recovered);
  const ContainerStep healed = record(pass_at(13.2));
  ASSERT_TRUE(healed.recovered);
  EXPECT_EQ(healed.recovered->cause, RecoveryCause::restarted);
  EXPECT_EQ(monitor.recoveries().spontaneous, 0U);
}

TEST_F(Monitor, OfAConfiguredTargetNobodyIsAsked) {
  web.origin = Origin::configured;
  become_healthy();
  for (double second : {10, 11}) record(fail_at(second));
  const ContainerStep healed = record(pass_at(13));
  EXPECT_FALSE(healed.cause_unclear);
  ASSERT_TRUE(healed.recovered);
  EXPECT_EQ(healed.recovered->cause, RecoveryCause::spontaneous);
}

TEST_F(Monitor, ARestartBeforeTheOutageIsNotItsCause) {
  become_healthy();
  start(5);
  update(5);
  EXPECT_FALSE(record(pass_at(5)).recovered);
  record(fail_at(10));
  record(fail_at(11));
  EXPECT_TRUE(record(pass_at(12)).cause_unclear);
  EXPECT_EQ(monitor.cause_looked_up().recovered->cause, RecoveryCause::spontaneous);
}

TEST_F(Monitor, FailuresOfTheStartPeriodAreNoOutage) {
  change_probe(web, [](ProbeSpec& spec) { spec.settings.start_period = Milliseconds(10'000); });
  web.started_at = at(0);
  update(0);
  EXPECT_FALSE(record(fail_at(1)).first_failure);
  record(fail_at(2));
  EXPECT_FALSE(record(pass_at(3)).recovered);
  EXPECT_TRUE(record(fail_at(4)).first_failure);  // it was up: from now on they count
}

TEST_F(Monitor, ABlipIsNoRecovery) {
  become_healthy();
  record(fail_at(10));
  EXPECT_FALSE(record(pass_at(11)).recovered);
  EXPECT_EQ(monitor.recoveries().spontaneous, 0U);
}

TEST_F(Monitor, ACrashIsAnOutageFromItsDeath) {
  become_healthy();
  die(10, false);
  const ContainerStep death = update(10.1);
  EXPECT_TRUE(death.first_failure);
  start(11);
  EXPECT_FALSE(update(11).recovered);
  const ContainerStep healed = record(pass_at(12));
  ASSERT_TRUE(healed.recovered);
  EXPECT_NEAR(std::chrono::duration<double>(healed.recovered->duration).count(), 2.002, 1e-6);
}

TEST_F(Monitor, ACrashThatPolicyMendedBeforeAnybodyLooked) {
  become_healthy();
  web.restarts.policy = 1;
  web.finished_at = at(10);
  start(10.2);
  EXPECT_TRUE(update(10.3).started);
  const ContainerStep healed = record(pass_at(10.4));
  ASSERT_TRUE(healed.recovered);
  EXPECT_EQ(healed.recovered->cause, RecoveryCause::restarted);
}

TEST_F(Monitor, WithoutProbesRunningAgainIsHealthy) {
  web.probes.clear();
  update(0);
  die(10, false);
  update(10);
  start(12);
  const ContainerStep step = update(12.5);
  ASSERT_TRUE(step.recovered);
  EXPECT_EQ(step.recovered->duration, std::chrono::milliseconds(2'500));
}

TEST_F(Monitor, DownBeforeTheExporterCameCountsFromThen) {
  die(-1000, false);
  update(0);
  start(5);
  update(5);
  EXPECT_NEAR(std::chrono::duration<double>(record(pass_at(6)).recovered->duration).count(), 6.002,
              1e-6);
}

TEST_F(Monitor, ACrashedOneStaysAnOutageHoweverLong) {
  become_healthy();
  die(12, false);
  update(12);
  monitor.forget_probes(at(72));
  start(3600);
  update(3600);
  EXPECT_TRUE(record(pass_at(3601)).recovered);
}

TEST_F(Monitor, UnpausedIsProbedAtOnceButIsNoNewRun) {
  become_healthy();
  web.state = ContainerState::paused;
  EXPECT_TRUE(update(10).stopped);
  web.state = ContainerState::running;
  EXPECT_TRUE(update(20).started);
  EXPECT_EQ(monitor.probes()[0]->health.consecutive_successes(), 1);
}

TEST_F(Monitor, OtherSettingsKeepTheStateAnotherAddressInTheContainerDoesNot) {
  become_healthy();
  const TargetId id = monitor.probes()[0]->id;
  change_probe(web, [](ProbeSpec& spec) { spec.settings.interval = Milliseconds(500); });
  const ContainerStep settings = update(10);
  EXPECT_THAT(settings.changed, testing::ElementsAre(id));
  EXPECT_THAT(settings.added, testing::IsEmpty());
  EXPECT_TRUE(monitor.probes()[0]->health.settled());

  change_probe(web, [](ProbeSpec& spec) { spec.url.path = "/other"; });
  const ContainerStep url = update(11);
  EXPECT_THAT(url.removed, testing::ElementsAre(id));
  EXPECT_THAT(url.added, testing::SizeIs(1));
  EXPECT_EQ(monitor.probes()[0]->health.verdict(), Verdict::unknown);
}

TEST_F(Monitor, DockersHealthIsReportedWhenItChanges) {
  become_healthy();
  web.health = ContainerHealth::unhealthy;
  EXPECT_TRUE(update(1).health_changed);
  EXPECT_FALSE(update(2).health_changed);
}

}  // namespace
}  // namespace selfheal
