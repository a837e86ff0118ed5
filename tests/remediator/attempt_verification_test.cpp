// What becomes of an attempt that is in effect, by what Docker and Prometheus say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/remediator/attempt_fixture.h"

namespace selfheal {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class AttemptVerificationTest : public AttemptFixture {};

TEST_F(AttemptVerificationTest, WithoutPrometheusAtVerificationNothingIsProven) {
  act();
  policy([](FakePrometheus::State& state) {
    state.health = Health::proven;
    state.down = true;
  });
  shop_.run(seconds(30));
  EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
  policy([](FakePrometheus::State& state) { state.down = false; });
  shop_.run(seconds(1));
  EXPECT_EQ(shop_.incident().outcome, IncidentOutcome::recovered);
}

TEST_F(AttemptVerificationTest, WhatIsNotProvenInTimeIsNotHealthy) {
  act();
  shop_.run(seconds(59));
  EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
  shop_.run(seconds(2));
  EXPECT_EQ(last_attempt().result, AttemptResult::not_healthy);
  EXPECT_THAT(last_attempt().detail, HasSubstr("probes have not passed"));
  EXPECT_THAT(shop_.metrics_text(), HasSubstr("reason=\"not_healthy\"} 1"));
}

TEST_F(AttemptVerificationTest, ANewerStartIsRestartedAgain) {
  act();
  policy([](FakePrometheus::State& state) { state.health = Health::proven; });
  shop_.clock.advance(seconds(1));
  shop_.docker.change("web",
                      [&](ContainerDetails& web) { web.started_at = shop_.clock.wall_now(); });
  shop_.step();
  EXPECT_EQ(last_attempt().result, AttemptResult::restarted_again);
}

TEST_F(AttemptVerificationTest, ARemovedContainerIsGone) {
  act();
  shop_.docker.lose("web");
  shop_.step();
  EXPECT_EQ(last_attempt().result, AttemptResult::container_gone);
}

TEST_F(AttemptVerificationTest, AContainerThatExitedIsNotHealthyAtOnce) {
  act();
  shop_.docker.change("web", [](ContainerDetails& web) {
    web.state = ContainerState::exited;
    web.exit_code = 3;
  });
  shop_.step();
  EXPECT_EQ(last_attempt().result, AttemptResult::not_healthy);
  EXPECT_EQ(last_attempt().detail, "the container has exited with status 3");
}

TEST_F(AttemptVerificationTest, OneThatIsDownForAMomentIsBeingRestartedBySomebodyElse) {
  act();
  shop_.docker.change("web", [&](ContainerDetails& web) {
    web.state = ContainerState::exited;
    web.finished_at = shop_.clock.wall_now();
  });
  shop_.run(seconds(1));
  EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
  shop_.docker.change("web", [&](ContainerDetails& web) {
    web.state = ContainerState::running;
    web.started_at = shop_.clock.wall_now();
  });
  shop_.run(seconds(1));
  EXPECT_EQ(last_attempt().result, AttemptResult::restarted_again);
}

TEST_F(AttemptVerificationTest, OneThatStaysDownIsNotHealthySoon) {
  act();
  shop_.docker.change("web", [&](ContainerDetails& web) {
    web.state = ContainerState::exited;
    web.finished_at = shop_.clock.wall_now();
  });
  shop_.run(seconds(3));
  EXPECT_EQ(last_attempt().result, AttemptResult::not_healthy);
}

TEST_F(AttemptVerificationTest, AClockThatIsAheadInDockerDoesNotKeepItForEver) {
  act();
  shop_.docker.change("web", [&](ContainerDetails& web) {
    web.state = ContainerState::exited;
    web.finished_at = shop_.clock.wall_now() + std::chrono::hours(1);
  });
  shop_.run(seconds(61));
  EXPECT_EQ(last_attempt().result, AttemptResult::not_healthy);
}

TEST_F(AttemptVerificationTest, AnEngineThatIsAwayDuringVerification) {
  act();
  policy([](FakePrometheus::State& state) { state.health = Health::proven; });
  shop_.docker.fail_all(DockerFailureKind::unreachable);
  shop_.run(minutes(5));
  EXPECT_EQ(shop_.incident().state, IncidentState::verifying)
      << "that Docker is silent says nothing about the container";
  shop_.docker.fail_all(std::nullopt);
  shop_.run(seconds(1));
  EXPECT_EQ(shop_.incident().outcome, IncidentOutcome::recovered);
}

TEST_F(AttemptVerificationTest, AVerificationDoesNotWaitForDockerForEver) {
  act();
  shop_.docker.fail_all(DockerFailureKind::failed);
  shop_.run(minutes(10) + seconds(2));
  EXPECT_EQ(last_attempt().result, AttemptResult::unknown);
  EXPECT_NE(last_attempt().detail, "");
  EXPECT_EQ(shop_.incident().escalation, 0) << "nothing tells that another step would do better";
}

TEST_F(AttemptVerificationTest, ARelapseDuringVerificationIsHealedAtOnce) {
  act();
  policy([](FakePrometheus::State& state) { state.health = Health::seen_healthy; });
  shop_.run(seconds(3));
  policy([](FakePrometheus::State& state) { state.health = Health::unproven; });
  shop_.run(seconds(3));
  const WallTime delivered = shop_.clock.wall_now();
  EXPECT_THAT(shop_.fire(seconds(2)), SizeIs(1)) << "and woken for it";
  shop_.run(Milliseconds(0));
  EXPECT_THAT(shop_.actions(), SizeIs(2));
  const Incident incident = shop_.incident();
  ASSERT_EQ(incident.attempts.size(), 2u);
  EXPECT_EQ(incident.attempts[0].result, AttemptResult::relapsed);
  EXPECT_EQ(incident.attempts[1].requested_at, delivered) << "as fast as the first";
  policy([](FakePrometheus::State& state) { state.health = Health::proven; });
  shop_.run(seconds(1));
  EXPECT_EQ(shop_.incident().outcome, IncidentOutcome::recovered);
}

TEST(AttemptWithoutPrometheus, DockersHealthDecides) {
  Workshop shop(Workshop::Policy::own_guards_alone);
  shop.docker.change("web", [](ContainerDetails& web) { web.has_healthcheck = true; });
  shop.fire();
  shop.run(seconds(5));
  EXPECT_THAT(shop.actions(), SizeIs(1));
  EXPECT_EQ(shop.incident().state, IncidentState::verifying);
  shop.docker.change("web", [](ContainerDetails& web) { web.health = ContainerHealth::healthy; });
  shop.run(seconds(1));
  EXPECT_TRUE(shop.incident().attempts.at(0).seen_healthy_at.has_value());
  shop.run(seconds(5));
  EXPECT_EQ(shop.incident().outcome, IncidentOutcome::recovered);
  EXPECT_THAT(shop.prometheus.queries(), IsEmpty());
}

}  // namespace
}  // namespace selfheal
