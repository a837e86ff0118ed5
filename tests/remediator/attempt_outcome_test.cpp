// What people are told while containers break and are healed, from the webhook to the outbox; and
// that no more is tried at once than may be.
#include <algorithm>
#include <map>
#include <set>

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

// ---- not too many at once

class AttemptsAtOnceTest : public AttemptOutcomeTest {
 protected:
  enum class Upto { acting, verifying };
  // An incident of another container, on which an attempt has just begun.
  void begin_elsewhere(const std::string& container, const std::string& group,
                       Upto upto = Upto::verifying) {
    ReceivedAlert alert = Workshop::alert(AlertStatus::firing, shop_.clock.wall_now());
    alert.fingerprint = "of " + container;
    alert.labels["container"] = container;
    alert.labels["group"] = group;
    shop_.docker.add(container);
    shop_.accept({alert});
    const auto written = shop_.journal->write([&](JournalWriter& writer) {
      Incident incident = *writer.open_incident("box", container);
      Attempt attempt;
      attempt.action = "restart";
      apply(incident, AttemptStarted{attempt}, shop_.clock.wall_now(), IncidentSettings{});
      if (upto == Upto::verifying)
        apply(incident, Acted{shop_.clock.wall_now()}, shop_.clock.wall_now(), IncidentSettings{});
      writer.save(incident);
    });
    ASSERT_TRUE(written.ok());
  }
  void end_elsewhere(const std::string& container, const IncidentEvent& event) {
    const auto written = shop_.journal->write([&](JournalWriter& writer) {
      Incident incident = *writer.open_incident("box", container);
      apply(incident, event, shop_.clock.wall_now(), IncidentSettings{});
      writer.save(incident);
    });
    ASSERT_TRUE(written.ok());
  }
};

TEST_F(AttemptsAtOnceTest, AReplicaWaitsForTheOther) {
  begin_elsewhere("web-2", "shop/web");
  shop_.fire();
  shop_.run(seconds(5));
  EXPECT_THAT(shop_.actions(), IsEmpty());
  EXPECT_EQ(shop_.incident().reason, "group_busy");
  EXPECT_THAT(shop_.incident().detail, HasSubstr("web-2"));
  end_elsewhere("web-2", SeenHealthy{});
  shop_.run(seconds(1));
  EXPECT_THAT(shop_.actions(), SizeIs(1));
}

TEST_F(AttemptsAtOnceTest, AThirdWaitsForOneOfTwo) {
  begin_elsewhere("db", "shop/db");
  begin_elsewhere("cache", "shop/cache");
  shop_.fire();
  shop_.run(seconds(5));
  EXPECT_THAT(shop_.actions(), IsEmpty());
  EXPECT_EQ(shop_.incident().reason, "concurrency_limit");
  end_elsewhere("db", AttemptFailed{AttemptResult::no_effect, ""});
  shop_.run(seconds(1));
  EXPECT_THAT(shop_.actions(), SizeIs(1));
}

TEST_F(AttemptsAtOnceTest, WhatIsStuckHoldsUpNobody) {
  begin_elsewhere("db", "shop/db", Upto::acting);
  begin_elsewhere("web-2", "shop/web", Upto::acting);
  shop_.clock.advance(minutes(5) + seconds(10));
  shop_.fire();
  shop_.step();
  EXPECT_THAT(shop_.actions(), IsEmpty()) << "the stop timeout is granted beside";
  EXPECT_EQ(shop_.incident().reason, "group_busy");
  shop_.run(seconds(1));
  EXPECT_THAT(shop_.actions(), SizeIs(1));
}

// Its container's labels can grant a verification that long.
TEST_F(AttemptsAtOnceTest, AReplicaThatIsVerifiedForLongIsNotStuck) {
  begin_elsewhere("web-2", "shop/web");
  shop_.clock.advance(minutes(30));
  shop_.fire();
  shop_.run(seconds(5));
  EXPECT_THAT(shop_.actions(), IsEmpty());
  EXPECT_EQ(shop_.incident().reason, "group_busy");
}

TEST_F(AttemptsAtOnceTest, WhileItWaitsOnlyTheJournalIsAsked) {
  begin_elsewhere("web-2", "shop/web");
  shop_.fire();
  shop_.step();
  ASSERT_EQ(shop_.incident().reason, "group_busy");
  const size_t queries = shop_.prometheus.queries().size();
  const int inspects = shop_.docker.inspects();
  for (int i = 0; i < 5; ++i) {
    shop_.clock.advance(seconds(1));
    EXPECT_EQ(shop_.step(), shop_.clock.wall_now() + seconds(1));
  }
  EXPECT_EQ(shop_.prometheus.queries().size(), queries);
  EXPECT_EQ(shop_.docker.inspects(), inspects);
  EXPECT_EQ(shop_.incident().next_at, ManualClock::kStart + seconds(1)) << "nothing is written";
  shop_.run(seconds(30));
  EXPECT_THAT(shop_.prometheus.queries(), SizeIs(queries + 1)) << "the policy can change";
  shop_.resolve(seconds(3));
  EXPECT_EQ(shop_.incident().outcome, IncidentOutcome::withdrawn);
}

TEST_F(AttemptsAtOnceTest, WhileItWaitsLeaseAndLifeEnd) {
  begin_elsewhere("web-2", "shop/web");
  shop_.repeats = false;
  shop_.fire();
  shop_.run(seconds(47));
  EXPECT_EQ(shop_.incident().reason, "lease_over");
  shop_.repeats = true;
  shop_.fire(seconds(50));
  shop_.run(minutes(8));
  EXPECT_EQ(shop_.incident().reason, "group_busy");
  EXPECT_EQ(shop_.incident().id, 2);
  shop_.run(minutes(2));
  EXPECT_EQ(shop_.incident().id, 3) << "it has expired, and what still fires is the next";
}

TEST_F(AttemptsAtOnceTest, ThePauseBeginsAfterTheCalls) {
  begin_elsewhere("web-2", "shop/web");
  shop_.prometheus.set([&](FakePrometheus::State& state) {
    state.meanwhile = [&] { shop_.clock.advance(seconds(2)); };
  });
  shop_.fire();
  shop_.step();
  EXPECT_EQ(shop_.incident().next_at, ManualClock::kStart + seconds(3));
}

// Ten that no restart mends, and one that came last.
TEST_F(AttemptsAtOnceTest, WhatCantBeHealedDoesNotStarveTheOthers) {
  std::vector<ReceivedAlert> alerts;
  const auto break_one = [&](const std::string& name) {
    alerts.push_back(Workshop::alert(AlertStatus::firing, shop_.clock.wall_now()));
    alerts.back().fingerprint = "of " + name;
    alerts.back().labels["container"] = alerts.back().labels["group"] = name;
  };
  for (char name = 'a'; name <= 'j'; ++name) {
    shop_.docker.add({name});
    break_one({name});
  }
  shop_.accept(alerts);
  std::map<int64_t, WallTime> again_at;
  const auto look_at_all = [&] {
    std::vector<Incident> open;
    ASSERT_TRUE(
        shop_.journal->read([&](JournalReader& reader) { open = reader.open_incidents(); }).ok());
    for (const Incident& incident : open) {
      if (std::max(incident.next_at, again_at[incident.id]) > shop_.clock.wall_now()) continue;
      again_at[incident.id] = shop_.runner->step(incident.id).value_or(WallTime{});
    }
  };
  for (int half_second = 0; half_second < 300; ++half_second) {
    if (half_second == 120) break_one("web");
    if (half_second % 30 == 0) shop_.accept(alerts);
    look_at_all();
    shop_.clock.advance(Milliseconds(500));
  }
  const std::vector<std::string> actions = shop_.actions();
  ASSERT_GT(actions.size(), 11u);
  const std::set<std::string> first(actions.begin(), actions.begin() + 11);
  EXPECT_THAT(first, SizeIs(11)) << "the first attempts before all second ones";
  EXPECT_THAT(first, testing::Contains("restart id-of-web t=10"));
}

// Two hands judge two replicas at the same moment.
TEST_F(AttemptsAtOnceTest, WhatAnotherHasBegunSinceCounts) {
  shop_.prometheus.set([&](FakePrometheus::State& state) {
    state.meanwhile = [&] { begin_elsewhere("web-2", "shop/web"); };
  });
  shop_.fire();
  const int64_t id = shop_.incident().id;
  const auto again = shop_.runner->step(id);
  EXPECT_THAT(shop_.actions(), IsEmpty());
  EXPECT_EQ(again, shop_.clock.wall_now() + seconds(1)) << "judged again soon";
  shop_.clock.advance(seconds(1));
  shop_.runner->step(id);
  EXPECT_THAT(shop_.actions(), IsEmpty());
  EXPECT_EQ(shop_.incident().reason, "group_busy");
}

}  // namespace
}  // namespace selfheal
