// What people are told while containers break and are healed, from the webhook to the outbox.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/remediator/workshop.h"

namespace selfheal {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class AttemptOutcomeTest : public testing::Test {
 protected:
  void become(Health health) {
    shop_.prometheus.set([&](FakePrometheus::State& state) { state.health = health; });
  }
  void expect_counted(const std::string& outcome, int count) {
    EXPECT_THAT(shop_.metrics_text(),
                HasSubstr("outcomes_total{outcome=\"" + outcome + "\"} " + std::to_string(count)));
  }

  Workshop shop_;
};

TEST_F(AttemptOutcomeTest, EveryKindIsCountedFromNothing) {
  for (const char* outcome : {"recovered", "failed", "expired", "breaker_open"})
    expect_counted(outcome, 0);
  EXPECT_THAT(shop_.metrics_text(),
              HasSubstr("selfheal_remediator_outcome_posts_failed_total 0\n"));
}

TEST_F(AttemptOutcomeTest, ARecoveryIsToldWithItsProof) {
  shop_.fire();
  shop_.run(seconds(2));
  EXPECT_THAT(shop_.outcomes(), IsEmpty());
  EXPECT_EQ(shop_.outcome_wakes, 0);
  become(Health::proven);
  shop_.run(seconds(1));
  EXPECT_THAT(shop_.outcomes(), ElementsAre("recovered 1 of 3"));
  EXPECT_EQ(shop_.outbox().at(0).message.incident, shop_.incident().id);
  EXPECT_EQ(shop_.outcome_wakes, 1);
  expect_counted("recovered", 1);
}

TEST_F(AttemptOutcomeTest, ThreeFailuresAreThreeMessagesAndThenThereIsSilence) {
  shop_.fire();
  shop_.run(minutes(60));
  EXPECT_THAT(shop_.actions(), SizeIs(3));
  EXPECT_THAT(shop_.outcomes(),
              ElementsAre("failed 1 of 3", "failed 2 of 3", "breaker_open 3 of 3"));
  expect_counted("failed", 2);
  expect_counted("breaker_open", 1);
  expect_counted("expired", 0);
  EXPECT_GT(shop_.incident().id, 3) << "over several incidents";
}

// It breaks again 10 s after each restart, and each attempt has been proven before.
TEST_F(AttemptOutcomeTest, AFlappingContainerThatIsProvenEachTime) {
  become(Health::proven);
  for (int i = 0; i < 6; ++i) {
    shop_.fire(seconds(0));
    shop_.run(seconds(10));
  }
  EXPECT_THAT(shop_.actions(), SizeIs(3));
  EXPECT_EQ(shop_.incident().reason, "attempts_used_up");
  EXPECT_THAT(shop_.outcomes(), ElementsAre("recovered 1 of 3", "recovered 2 of 3",
                                            "recovered 3 of 3", "breaker_open 3 of 3"));
}

// The same, and each failure comes before the proof.
TEST_F(AttemptOutcomeTest, AFlappingContainerThatRelapsesEachTime) {
  become(Health::seen_healthy);
  for (int i = 0; i < 6; ++i) {
    shop_.fire(seconds(0));
    shop_.run(seconds(10));
  }
  EXPECT_THAT(shop_.actions(), SizeIs(3));
  EXPECT_THAT(shop_.outcomes(),
              ElementsAre("failed 1 of 3", "failed 2 of 3", "breaker_open 3 of 3"));
  EXPECT_EQ(shop_.outbox().at(2).message.reason, "attempts_used_up");
  EXPECT_THAT(shop_.outbox().at(2).message.description, HasSubstr("failed again"));
}

TEST_F(AttemptOutcomeTest, WhatIsHeldForTooLongIsToldOnceForAFailure) {
  shop_.prometheus.set([](FakePrometheus::State& state) { state.holds = {"storm"}; });
  shop_.fire();
  shop_.run(minutes(45));
  EXPECT_THAT(shop_.outcomes(), ElementsAre("expired 0 of 3"));
  EXPECT_THAT(shop_.outbox().at(0).message.description, HasSubstr("held by policy: storm"));
  expect_counted("expired", 1);
  shop_.resolve(minutes(45) + seconds(3));
  shop_.clock.advance(minutes(1));
  shop_.fire();
  shop_.run(minutes(11));
  EXPECT_THAT(shop_.outcomes(), SizeIs(2)) << "another failure";
}

TEST_F(AttemptOutcomeTest, OfWhatIsWithdrawnNothingIsTold) {
  shop_.prometheus.set([](FakePrometheus::State& state) { state.holds = {"storm"}; });
  shop_.fire();
  shop_.run(minutes(1));
  shop_.resolve(minutes(1) + seconds(3));
  EXPECT_EQ(shop_.incident().outcome, IncidentOutcome::withdrawn);
  EXPECT_THAT(shop_.outcomes(), IsEmpty());
}

// The end of an attempt and its message are one transaction.
TEST_F(AttemptOutcomeTest, WithoutAnOutboxAnAttemptDoesNotEnd) {
  shop_.fire();
  shop_.step();
  become(Health::proven);
  SqliteConnection other(shop_.folder.path("journal.db"), SqliteConnection::Mode::read_write);
  other.execute(
      "CREATE TRIGGER broken BEFORE INSERT ON outcome "
      "BEGIN SELECT raise(ABORT, 'the disk is full'); END");
  shop_.run(seconds(5));
  EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
  expect_counted("recovered", 0);
  EXPECT_EQ(shop_.outcome_wakes, 0);
  other.execute("DROP TRIGGER broken");
  shop_.run(seconds(2));
  EXPECT_EQ(shop_.incident().outcome, IncidentOutcome::recovered);
  EXPECT_THAT(shop_.outcomes(), ElementsAre("recovered 1 of 3"));
  expect_counted("recovered", 1);
}

TEST_F(AttemptOutcomeTest, WithNobodyToTellOutcomesAreOnlyCounted) {
  const StepRecorder quiet(shop_.settings, shop_.metrics);
  AttemptRunner runner(*shop_.journal, shop_.hosts, &shop_.prometheus, *shop_.facts_reader, quiet,
                       shop_.settings, shop_.metrics, shop_.clock);
  become(Health::proven);
  shop_.fire();
  runner.step(1);
  runner.step(1);
  EXPECT_EQ(shop_.incident().outcome, IncidentOutcome::recovered);
  EXPECT_THAT(shop_.outbox(), IsEmpty());
  expect_counted("recovered", 1);
}

// An Alertmanager comes with a later start.
TEST_F(AttemptOutcomeTest, AnOpenBreakerIsToldWhenThereIsSomebodyToTell) {
  const StepRecorder quiet(shop_.settings, shop_.metrics);
  AttemptRunner runner(*shop_.journal, shop_.hosts, &shop_.prometheus, *shop_.facts_reader, quiet,
                       shop_.settings, shop_.metrics, shop_.clock);
  shop_.fire();
  SqliteConnection(shop_.folder.path("journal.db"), SqliteConnection::Mode::read_write)
      .execute("UPDATE incident SET carried_attempts = 3");
  runner.step(1);
  runner.step(1);
  ASSERT_EQ(shop_.incident().reason, "attempts_used_up");
  EXPECT_THAT(shop_.outbox(), IsEmpty());
  expect_counted("breaker_open", 1);
  ASSERT_TRUE(shop_.journal->write([](JournalWriter& writer) { writer.tell_anew(); }).ok());
  shop_.step();
  shop_.step();
  EXPECT_THAT(shop_.outcomes(), ElementsAre("breaker_open 3 of 3"));
}

}  // namespace
}  // namespace selfheal
