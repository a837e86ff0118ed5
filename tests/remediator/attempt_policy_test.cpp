// When attempts are made and when not: policy, pauses, the lease, and what wears out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/remediator/attempt_fixture.h"

namespace selfheal {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class AttemptPolicyTest : public AttemptFixture {};

TEST_F(AttemptPolicyTest, WithoutAnAnswerOfPrometheusNothingIsEverDone) {
  policy([](FakePrometheus::State& state) { state.down = true; });
  shop_.fire();
  shop_.run(minutes(9));
  EXPECT_EQ(shop_.incident().state, IncidentState::waiting);
  EXPECT_EQ(shop_.incident().reason, "policy_unreachable");
  EXPECT_THAT(shop_.decisions(), SizeIs(1)) << "told once";
  shop_.run(minutes(2));
  std::optional<Incident> first;
  ASSERT_TRUE(shop_.journal->read([&](JournalReader& reader) { first = reader.incident(1); }).ok());
  EXPECT_EQ(first->outcome, IncidentOutcome::expired);
  EXPECT_EQ(first->detail, "waited for: policy_unreachable");
  EXPECT_EQ(shop_.incident().id, 2) << "what is still delivered is a new incident";
  EXPECT_THAT(shop_.actions(), IsEmpty());
}

TEST_F(AttemptPolicyTest, AHoldIsWaitedForAndItsEndNoticed) {
  policy([](FakePrometheus::State& state) { state.holds = {"storm"}; });
  shop_.fire();
  shop_.run(minutes(1));
  EXPECT_EQ(shop_.incident().reason, "hold");
  EXPECT_THAT(shop_.incident().detail, HasSubstr("storm"));
  EXPECT_THAT(shop_.actions(), IsEmpty());
  policy([](FakePrometheus::State& state) { state.holds.clear(); });
  shop_.run(seconds(5));
  EXPECT_THAT(shop_.actions(), SizeIs(1));
  const auto decisions = shop_.decisions();
  ASSERT_THAT(decisions, SizeIs(2));
  EXPECT_EQ(decisions[0].verdict, "wait");
  EXPECT_EQ(decisions[0].reason, "hold");
  EXPECT_EQ(decisions[1].verdict, "act");
}

// Prometheus sends an alert before it commits the rule's series.
TEST_F(AttemptPolicyTest, AnAlertThatIsNotCommittedYetIsAskedForAgainAtOnce) {
  policy([](FakePrometheus::State& state) { state.alerts_firing = false; });
  shop_.fire();
  shop_.run(Milliseconds(15));
  EXPECT_EQ(shop_.incident().reason, "not_firing");
  policy([](FakePrometheus::State& state) { state.alerts_firing = true; });
  shop_.run(Milliseconds(10));
  EXPECT_THAT(shop_.actions(), SizeIs(1));
}

TEST_F(AttemptPolicyTest, WithdrawnWhileItWasJudgedItIsLeftAlone) {
  policy(
      [&](FakePrometheus::State& state) { state.meanwhile = [&] { shop_.resolve(seconds(3)); }; });
  shop_.fire();
  shop_.step();
  EXPECT_THAT(shop_.actions(), IsEmpty());
  EXPECT_EQ(shop_.incident().outcome, IncidentOutcome::withdrawn);
}

TEST_F(AttemptPolicyTest, ANewFailureSoonAfterARecoveryIsHealedAtOnce) {
  act();
  policy([](FakePrometheus::State& state) { state.health = Health::proven; });
  shop_.run(seconds(1));
  ASSERT_EQ(shop_.incident().outcome, IncidentOutcome::recovered);
  shop_.run(seconds(3));
  shop_.fire(seconds(1));
  shop_.run(Milliseconds(0));
  EXPECT_THAT(shop_.actions(), SizeIs(2));
  EXPECT_EQ(shop_.incident().attempts_used(), 2) << "the count goes on until it stays healthy";
}

TEST_F(AttemptPolicyTest, ThreeAttemptsAndThenItIsUpToPeople) {
  shop_.fire();
  shop_.run(minutes(5));
  EXPECT_THAT(shop_.actions(), SizeIs(3));
  EXPECT_EQ(shop_.incident().reason, "attempts_used_up");
  shop_.run(minutes(10));
  EXPECT_THAT(shop_.actions(), SizeIs(3));
  EXPECT_THAT(shop_.metrics_text(),
              HasSubstr("decisions_total{decision=\"refuse\",reason=\"attempts_used_up\"}"));
}

TEST_F(AttemptPolicyTest, WithoutALeaseThereIsNoFurtherAttempt) {
  shop_.repeats = false;
  shop_.fire();
  shop_.run(minutes(5));
  EXPECT_THAT(shop_.actions(), SizeIs(1));
  EXPECT_EQ(shop_.incident().reason, "lease_over");
  shop_.run(minutes(10));
  EXPECT_EQ(shop_.incident().outcome, IncidentOutcome::expired);
  EXPECT_THAT(shop_.actions(), SizeIs(1));
}

TEST_F(AttemptPolicyTest, ADryRunDecidesAndDoesNothing) {
  RemediatorSettings dry;
  dry.guards.dry_run = true;
  shop_.settings.set(dry);
  shop_.fire();
  shop_.run(minutes(1));
  EXPECT_THAT(shop_.actions(), IsEmpty());
  EXPECT_EQ(shop_.incident().reason, "dry_run");
}

TEST_F(AttemptPolicyTest, AnotherHostsAlertIsRefused) {
  ReceivedAlert elsewhere = Workshop::alert(AlertStatus::firing, shop_.clock.wall_now());
  elsewhere.labels["host"] = "elsewhere";
  shop_.accept({elsewhere});
  std::vector<Incident> open;
  ASSERT_TRUE(
      shop_.journal->read([&](JournalReader& reader) { open = reader.open_incidents(); }).ok());
  shop_.runner->step(open.at(0).id);
  EXPECT_THAT(shop_.actions(), IsEmpty());
  EXPECT_THAT(shop_.metrics_text(), HasSubstr("reason=\"unknown_host\"} 1"));
}

// ---- what people say, and what wears out

TEST_F(AttemptPolicyTest, APauseEndsByItselfAndIsNobodysFailure) {
  const Pause pause{
      {PauseScope::all, "", ""}, "", shop_.clock.wall_now(), shop_.clock.wall_now() + minutes(12)};
  ASSERT_TRUE(shop_.journal->write([&](JournalWriter& writer) { writer.begin_pause(pause); }).ok());
  shop_.fire();
  shop_.run(minutes(11));
  EXPECT_THAT(shop_.actions(), IsEmpty());
  EXPECT_EQ(shop_.incident().reason, "paused");
  EXPECT_THAT(shop_.outcomes(), IsEmpty()) << "people know, they have paused it";
  shop_.run(minutes(1) + seconds(5));
  EXPECT_THAT(shop_.actions(), SizeIs(1));
}

TEST_F(AttemptPolicyTest, WhatIsHealedFiveTimesInAnHourNeedsAPerson) {
  RemediatorSettings patient;
  patient.guards.max_attempts = 100;
  shop_.settings.set(patient);
  for (size_t healed = 1; healed <= 5; ++healed) {
    shop_.fire();
    shop_.run(seconds(2));
    ASSERT_THAT(shop_.actions(), SizeIs(healed));
    heal();
    shop_.clock.advance(minutes(2));
  }
  shop_.fire();
  shop_.run(minutes(1));
  EXPECT_THAT(shop_.actions(), SizeIs(5));
  EXPECT_EQ(shop_.incident().reason, "budget_of_container");
  EXPECT_EQ(shop_.outcomes().back(), "breaker_open 5 of 100");
  EXPECT_THAT(shop_.outbox().back().message.description,
              HasSubstr("5 attempts within an hour are as many as it gets"));
  EXPECT_THAT(shop_.metrics_text(), HasSubstr("reason=\"budget_of_container\"} 1"));
  const WallTime now = shop_.clock.wall_now();
  ASSERT_TRUE(
      shop_.journal->write([&](JournalWriter& writer) { writer.reset("box", "web", now); }).ok());
  shop_.run(seconds(2));
  EXPECT_THAT(shop_.actions(), SizeIs(6)) << "a person has looked at it";
}

TEST_F(AttemptPolicyTest, WhatComesAfterAResetIsToldAnew) {
  shop_.fire();
  shop_.run(minutes(5));
  ASSERT_THAT(shop_.outcomes(),
              ElementsAre("failed 1 of 3", "failed 2 of 3", "breaker_open 3 of 3"));
  const WallTime now = shop_.clock.wall_now();
  ASSERT_TRUE(
      shop_.journal->write([&](JournalWriter& writer) { writer.reset("box", "web", now); }).ok());
  shop_.run(minutes(6));
  EXPECT_THAT(shop_.outcomes(),
              ElementsAre("failed 1 of 3", "failed 2 of 3", "breaker_open 3 of 3", "failed 1 of 3",
                          "failed 2 of 3", "breaker_open 3 of 3"));
}

TEST_F(AttemptPolicyTest, WhatAPersonStopsWhileEvidenceIsCollectedStaysStopped) {
  FakeDocker::Evidence evidence;
  evidence.meanwhile = [&](Milliseconds) {
    shop_.docker.change("web", [](ContainerDetails& web) { web.state = ContainerState::exited; });
  };
  shop_.docker.set_evidence(evidence);
  shop_.fire();
  shop_.run(seconds(10));
  EXPECT_THAT(shop_.actions(), IsEmpty());
  EXPECT_EQ(shop_.incident().reason, "container_not_running");
}

}  // namespace
}  // namespace selfheal
