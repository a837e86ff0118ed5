#include "remediator/incident/incident.h"

#include <gtest/gtest.h>

#include "tests/remediator/samples.h"

namespace selfheal {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

class IncidentTest : public testing::Test {
 protected:
  bool apply_at(WallTime now, const IncidentEvent& event) {
    return apply(incident_, event, now, settings_);
  }
  // Up to verifying: acted on at `now`.
  void act(WallTime now = kNow) {
    ASSERT_TRUE(apply_at(now, attempt_on()));
    ASSERT_TRUE(apply_at(now, Acted{now}));
  }
  Attempt& attempt() { return incident_.attempts.back(); }

  IncidentSettings settings_;
  Incident incident_ = waiting_incident(settings_);
};

TEST_F(IncidentTest, AFirstFiringOpensItDueAtOnce) {
  EXPECT_EQ(incident_.state, IncidentState::waiting);
  EXPECT_EQ(incident_.outcome, IncidentOutcome::none);
  EXPECT_EQ(incident_.opened_at, kNow);
  EXPECT_EQ(incident_.next_at, kNow);
  EXPECT_EQ(incident_.lease_until, kNow + seconds(45));
  EXPECT_EQ(incident_.attempts_used(), 0);
  EXPECT_EQ(incident_.group, "shop/web");
  ASSERT_NE(incident_.newest_firing(), nullptr);
  EXPECT_EQ(incident_.newest_firing()->fingerprint, "f1");
}

TEST_F(IncidentTest, ADeliveryRenewsTheLeaseAndHastensNothing) {
  ASSERT_TRUE(apply_at(kNow, attempt_on()));
  ASSERT_TRUE(apply_at(kNow, AttemptFailed{AttemptResult::no_effect, ""}));
  const WallTime due = incident_.next_at;
  ASSERT_TRUE(apply_at(kNow + seconds(5), fired(kNow - seconds(3), kNow + seconds(5))));
  EXPECT_EQ(incident_.lease_until, kNow + seconds(50));
  EXPECT_EQ(incident_.next_at, due);
  EXPECT_EQ(incident_.alerts.size(), 1u);
  EXPECT_EQ(incident_.alerts[0].first_received_at, kNow);
  EXPECT_EQ(incident_.alerts[0].last_received_at, kNow + seconds(5));
}

TEST_F(IncidentTest, BeforeTheFirstAttemptADeliveryIsJudgedAtOnce) {
  ASSERT_TRUE(apply_at(kNow, Waited{"not_firing", "", kNow + seconds(5)}));
  ASSERT_TRUE(apply_at(kNow + seconds(1), fired(kNow - seconds(3), kNow + seconds(1))));
  EXPECT_EQ(incident_.next_at, kNow + seconds(1));
}

TEST_F(IncidentTest, AFurtherAlertAttaches) {
  ASSERT_TRUE(apply_at(kNow, fired(kNow - seconds(1), kNow, "f2")));
  EXPECT_EQ(incident_.alerts.size(), 2u);
  EXPECT_EQ(incident_.newest_firing()->fingerprint, "f2");
}

TEST_F(IncidentTest, ANewFailureOfAnAlertEndsItsEarlierOne) {
  ASSERT_TRUE(apply_at(kNow, fired(kNow, kNow)));
  ASSERT_EQ(incident_.alerts.size(), 2u);
  EXPECT_FALSE(incident_.alerts[0].firing);
  EXPECT_TRUE(incident_.alerts[1].firing);
}

TEST_F(IncidentTest, WaitingTellsWhyAndUntil) {
  ASSERT_TRUE(apply_at(kNow, Waited{"hold", "held by policy: storm", kNow + seconds(5)}));
  EXPECT_EQ(incident_.state, IncidentState::waiting);
  EXPECT_EQ(incident_.reason, "hold");
  EXPECT_EQ(incident_.detail, "held by policy: storm");
  EXPECT_EQ(incident_.next_at, kNow + seconds(5));
  EXPECT_EQ(incident_.waiting_since, kNow) << "its life goes on counting";
}

TEST_F(IncidentTest, AnAttemptGoesFromActingOverVerifyingToRecovered) {
  ASSERT_TRUE(apply_at(kNow + seconds(1), attempt_on()));
  EXPECT_EQ(incident_.state, IncidentState::acting);
  EXPECT_EQ(attempt().number, 1);
  EXPECT_EQ(attempt().requested_at, kNow + seconds(1));
  EXPECT_EQ(incident_.next_at, kNow + seconds(1)) << "left behind, it is looked at at once";
  ASSERT_TRUE(apply_at(kNow + seconds(2), Acted{kNow + seconds(2)}));
  EXPECT_EQ(incident_.state, IncidentState::verifying);
  EXPECT_EQ(attempt().acted_at, kNow + seconds(2));
  EXPECT_EQ(attempt().started_after, kNow + seconds(2));
  ASSERT_TRUE(apply_at(kNow + seconds(4), SeenHealthy{}));
  ASSERT_TRUE(apply_at(kNow + seconds(5), SeenHealthy{}));
  EXPECT_EQ(attempt().seen_healthy_at, kNow + seconds(4)) << "the first time counts";
  ASSERT_TRUE(apply_at(kNow + seconds(14), Verified{}));
  EXPECT_EQ(incident_.state, IncidentState::closed);
  EXPECT_EQ(incident_.outcome, IncidentOutcome::recovered);
  EXPECT_EQ(incident_.closed_at, kNow + seconds(14));
  EXPECT_EQ(attempt().result, AttemptResult::verified);
  EXPECT_EQ(attempt().ended_at, kNow + seconds(14));
  EXPECT_TRUE(incident_.last_attempt_seen_healthy);
}

TEST_F(IncidentTest, ProofWithoutASightingBeforeIsOneAsWell) {
  act();
  ASSERT_TRUE(apply_at(kNow + seconds(10), Verified{}));
  EXPECT_EQ(attempt().seen_healthy_at, kNow + seconds(10));
}

TEST_F(IncidentTest, AFailedAttemptWaitsForItsBackoff) {
  settings_.backoff_jitter_percent = 0;
  act();
  ASSERT_TRUE(apply_at(kNow + seconds(60), AttemptFailed{AttemptResult::not_healthy, "still 503"}));
  EXPECT_EQ(incident_.state, IncidentState::waiting);
  EXPECT_EQ(incident_.reason, "not_healthy");
  EXPECT_EQ(incident_.detail, "still 503");
  EXPECT_EQ(attempt().result, AttemptResult::not_healthy);
  EXPECT_EQ(incident_.last_attempt_ended_at, kNow + seconds(60));
  EXPECT_EQ(incident_.waiting_since, kNow + seconds(60)) << "it lives anew";
  EXPECT_EQ(incident_.next_at, kNow + seconds(70));
  EXPECT_FALSE(incident_.last_attempt_seen_healthy);
}

TEST_F(IncidentTest, AnActionMayFailToo) {
  ASSERT_TRUE(apply_at(kNow, attempt_on()));
  ASSERT_TRUE(apply_at(kNow, AttemptFailed{AttemptResult::action_failed, "500"}));
  EXPECT_EQ(incident_.state, IncidentState::waiting);
  EXPECT_EQ(incident_.attempts_used(), 1);
}

TEST_F(IncidentTest, ARelapseAfterItWasSeenHealthyIsDueAtOnce) {
  act();
  ASSERT_TRUE(apply_at(kNow + seconds(3), SeenHealthy{}));
  ASSERT_TRUE(apply_at(kNow + seconds(6), fired(kNow + seconds(5), kNow + seconds(6))));
  EXPECT_EQ(incident_.state, IncidentState::waiting);
  EXPECT_EQ(attempt().result, AttemptResult::relapsed);
  EXPECT_EQ(incident_.next_at, kNow + seconds(6));
  EXPECT_TRUE(incident_.last_attempt_seen_healthy) << "so neither cooldown nor backoff holds";
  EXPECT_EQ(incident_.attempts_used(), 1) << "but the attempt counts";
}

TEST_F(IncidentTest, WithoutASightingANewFailureLeavesTheVerificationRunning) {
  act();
  ASSERT_TRUE(apply_at(kNow + seconds(6), fired(kNow + seconds(5), kNow + seconds(6))));
  EXPECT_EQ(incident_.state, IncidentState::verifying);
}

TEST_F(IncidentTest, AFailureFromBeforeTheActionIsNoRelapse) {
  act(kNow + seconds(2));
  ASSERT_TRUE(apply_at(kNow + seconds(3), SeenHealthy{}));
  ASSERT_TRUE(apply_at(kNow + seconds(4), fired(kNow + seconds(1), kNow + seconds(4), "f2")));
  EXPECT_EQ(incident_.state, IncidentState::verifying);
  ASSERT_TRUE(apply_at(kNow + seconds(5), fired(kNow - seconds(3), kNow + seconds(5))));
  EXPECT_EQ(incident_.state, IncidentState::verifying) << "nor is a repeat";
}

TEST_F(IncidentTest, NotSeenHealthyANewFailureDoesNotShortenTheBackoff) {
  act();
  ASSERT_TRUE(apply_at(kNow + seconds(60), AttemptFailed{AttemptResult::not_healthy, ""}));
  ASSERT_TRUE(apply_at(kNow + seconds(61), fired(kNow + seconds(61), kNow + seconds(61))));
  EXPECT_FALSE(incident_.last_attempt_seen_healthy) << "the backoff guard sends it back to wait";
  EXPECT_EQ(incident_.last_attempt_ended_at, kNow + seconds(60));
}

TEST_F(IncidentTest, AFailureToldOfDuringADecisionIsJudgedAtOnce) {
  ASSERT_TRUE(apply_at(kNow + seconds(2), fired(kNow + seconds(1), kNow + seconds(2))));
  ASSERT_TRUE(
      apply_at(kNow + seconds(3), Waited{"hold", "", kNow + seconds(8), kNow + seconds(1)}));
  EXPECT_LE(incident_.next_at, kNow + seconds(3));
  ASSERT_TRUE(
      apply_at(kNow + seconds(3), Waited{"hold", "", kNow + seconds(8), kNow + seconds(3)}));
  EXPECT_EQ(incident_.next_at, kNow + seconds(8));
}

TEST_F(IncidentTest, ResolvedWithdrawsWhatWaits) {
  ASSERT_TRUE(apply_at(kNow + seconds(1), AlertResolved{"f1"}));
  EXPECT_EQ(incident_.state, IncidentState::closed);
  EXPECT_EQ(incident_.outcome, IncidentOutcome::withdrawn);
  EXPECT_EQ(incident_.closed_at, kNow + seconds(1));
}

TEST_F(IncidentTest, ResolvedOfOneAlertLeavesTheOthers) {
  ASSERT_TRUE(apply_at(kNow, fired(kNow, kNow, "f2")));
  ASSERT_TRUE(apply_at(kNow, AlertResolved{"f1"}));
  EXPECT_EQ(incident_.state, IncidentState::waiting);
  EXPECT_EQ(incident_.newest_firing()->fingerprint, "f2");
  ASSERT_TRUE(apply_at(kNow, AlertResolved{"unknown"}));
  EXPECT_EQ(incident_.state, IncidentState::waiting);
  ASSERT_TRUE(apply_at(kNow, AlertResolved{"f2"}));
  EXPECT_EQ(incident_.outcome, IncidentOutcome::withdrawn);
}

TEST_F(IncidentTest, TheEndOfAnEarlierFailureLeavesALaterOne) {
  ASSERT_TRUE(apply_at(kNow + seconds(20), fired(kNow + seconds(15), kNow + seconds(20))));
  ASSERT_TRUE(apply_at(kNow + seconds(21), AlertResolved{"f1", kNow - seconds(3)}));
  EXPECT_EQ(incident_.state, IncidentState::waiting);
  ASSERT_TRUE(apply_at(kNow + seconds(30), AlertResolved{"f1", kNow + seconds(15)}));
  EXPECT_EQ(incident_.outcome, IncidentOutcome::withdrawn);
}

TEST_F(IncidentTest, ResolvedDoesNotStopARunningAttempt) {
  ASSERT_TRUE(apply_at(kNow, attempt_on()));
  ASSERT_TRUE(apply_at(kNow, AlertResolved{"f1"}));
  EXPECT_EQ(incident_.state, IncidentState::acting);
  ASSERT_TRUE(apply_at(kNow, Acted{kNow}));
  ASSERT_TRUE(apply_at(kNow, AlertResolved{"f1"}));
  EXPECT_EQ(incident_.state, IncidentState::verifying);
  ASSERT_TRUE(apply_at(kNow + seconds(10), Verified{}));
  EXPECT_EQ(incident_.outcome, IncidentOutcome::recovered);
}

TEST_F(IncidentTest, WhatResolvedDuringAnAttemptThatFailedIsWithdrawn) {
  act();
  ASSERT_TRUE(apply_at(kNow + seconds(1), AlertResolved{"f1"}));
  ASSERT_TRUE(apply_at(kNow + seconds(60), AttemptFailed{AttemptResult::not_healthy, "no proof"}));
  EXPECT_EQ(incident_.state, IncidentState::closed);
  EXPECT_EQ(incident_.outcome, IncidentOutcome::withdrawn);
  EXPECT_EQ(attempt().result, AttemptResult::not_healthy);
}

TEST_F(IncidentTest, WhatItOwesWhenItEndsWaitsForNoBackoff) {
  AttemptStarted recreation = attempt_on();
  recreation.attempt.action = "recreate";
  ASSERT_TRUE(apply_at(kNow, recreation));
  ASSERT_TRUE(apply_at(kNow, AttemptFailed{AttemptResult::no_effect, ""}));
  ASSERT_GT(incident_.next_at, kNow + seconds(5));
  ASSERT_TRUE(apply_at(kNow + seconds(1), AlertResolved{"f1"}));
  EXPECT_EQ(incident_.next_at, kNow + seconds(1));
}

TEST_F(IncidentTest, WhatWaitsForTooLongExpires) {
  EXPECT_FALSE(lived_too_long(incident_, kNow + minutes(10), settings_));
  EXPECT_TRUE(lived_too_long(incident_, kNow + minutes(10) + seconds(1), settings_));
  ASSERT_TRUE(apply_at(kNow, Waited{"hold", "storm", kNow + seconds(5)}));
  ASSERT_TRUE(apply_at(kNow + minutes(11), LivedTooLong{}));
  EXPECT_EQ(incident_.outcome, IncidentOutcome::expired);
  EXPECT_EQ(incident_.detail, "waited for: hold");
}

TEST_F(IncidentTest, OnlyWhatWaitsExpires) {
  act();
  EXPECT_FALSE(lived_too_long(incident_, kNow + minutes(60), settings_));
  EXPECT_FALSE(apply_at(kNow + minutes(60), LivedTooLong{}));
}

}  // namespace
}  // namespace selfheal
