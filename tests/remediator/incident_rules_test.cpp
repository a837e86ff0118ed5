// Which events fit which state, what one incident leaves to the next, and the names.
#include <set>

#include <gtest/gtest.h>

#include "remediator/incident/incident.h"
#include "tests/remediator/samples.h"

namespace selfheal {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const IncidentSettings kSettings;

Incident in_state(IncidentState state) {
  Incident incident = waiting_incident();
  if (state == IncidentState::waiting) return incident;
  apply(incident, attempt_on(), kNow, kSettings);
  if (state == IncidentState::acting) return incident;
  apply(incident, Acted{kNow}, kNow, kSettings);
  if (state == IncidentState::verifying) return incident;
  apply(incident, Verified{}, kNow, kSettings);
  return incident;
}

bool fits(IncidentState state, const IncidentEvent& event) {
  Incident incident = in_state(state);
  const IncidentState before = incident.state;
  const bool applied = apply(incident, event, kNow, kSettings);
  EXPECT_TRUE(applied || incident.state == before) << "what does not fit changes nothing";
  return applied;
}

TEST(IncidentEvents, FitTheirStatesOnly) {
  using S = IncidentState;
  struct Case {
    const char* name;
    IncidentEvent event;
    bool waiting, acting, verifying;
  };
  const Case cases[] = {
      {"fired", fired(kNow), true, true, true},
      {"resolved", AlertResolved{"f1"}, true, true, true},
      {"waited", Waited{"hold", "", kNow}, true, false, false},
      {"started", attempt_on(), true, false, false},
      {"acted", Acted{kNow}, false, true, false},
      {"seen healthy", SeenHealthy{}, false, false, true},
      {"verified", Verified{}, false, false, true},
      {"failed", AttemptFailed{AttemptResult::no_effect, ""}, false, true, true},
      {"lived too long", LivedTooLong{}, true, false, false},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(fits(S::waiting, one.event), one.waiting) << one.name;
    EXPECT_EQ(fits(S::acting, one.event), one.acting) << one.name;
    EXPECT_EQ(fits(S::verifying, one.event), one.verifying) << one.name;
    EXPECT_FALSE(fits(S::closed, one.event)) << one.name << ": closed is closed";
  }
}

TEST(IncidentEvents, NothingComesBackAfterAWithdrawal) {
  Incident incident = waiting_incident();
  ASSERT_TRUE(apply(incident, AlertResolved{"f1"}, kNow, kSettings));
  EXPECT_FALSE(apply(incident, fired(kNow), kNow, kSettings));
  EXPECT_FALSE(apply(incident, attempt_on(), kNow, kSettings));
  EXPECT_EQ(incident.outcome, IncidentOutcome::withdrawn);
  EXPECT_TRUE(incident.attempts.empty());
}

TEST(Backoff, DoublesUpToItsLongest) {
  IncidentSettings even;
  even.backoff_jitter_percent = 0;
  const std::pair<int, int> cases[] = {{0, 10},  {1, 10},  {2, 20},  {3, 40},    {4, 80},
                                       {5, 160}, {6, 300}, {7, 300}, {1000, 300}};
  for (const auto& [attempts, pause] : cases)
    EXPECT_EQ(backoff_after(attempts, kNow, even), seconds(pause)) << attempts;
  IncidentSettings none;
  none.backoff_initial = none.backoff_longest = Milliseconds(0);
  EXPECT_EQ(backoff_after(1000, kNow, none), Milliseconds(0));
}

// What broke together ends its attempts together, but for microseconds.
TEST(Backoff, IsSpreadByTheJitter) {
  const IncidentSettings settings;
  std::set<Milliseconds> pauses;
  for (int micros = 0; micros < 4000; micros += 7) {
    const Milliseconds pause = backoff_after(1, kNow + std::chrono::microseconds(micros), settings);
    EXPECT_GE(pause, Milliseconds(7'500));
    EXPECT_LE(pause, Milliseconds(12'500));
    pauses.insert(pause);
  }
  EXPECT_GT(pauses.size(), 300u);
  EXPECT_LT(*pauses.begin(), Milliseconds(7'600));
  EXPECT_GT(*pauses.rbegin(), Milliseconds(12'400));
}

// ---- a person's reset

TEST(Forgiveness, AttemptsCountAnewAndNothingHoldsTheNextOneUp) {
  Incident incident = waiting_incident();
  ASSERT_TRUE(apply(incident, attempt_on(), kNow, kSettings));
  ASSERT_TRUE(apply(incident, AttemptFailed{AttemptResult::no_effect, ""}, kNow, kSettings));
  incident.carried_attempts = 2;
  incident.breaker_told = true;
  ASSERT_EQ(incident.attempts_used(), 3);
  forgive_attempts(incident, kNow + seconds(1));
  EXPECT_EQ(incident.attempts_used(), 0);
  EXPECT_FALSE(incident.last_attempt_ended_at.has_value());
  EXPECT_FALSE(incident.breaker_told);
  EXPECT_EQ(incident.next_at, kNow + seconds(1));
  ASSERT_TRUE(apply(incident, attempt_on(), kNow + seconds(2), kSettings));
  EXPECT_EQ(incident.attempts_used(), 1);
}

TEST(Forgiveness, OfAClosedIncidentIsCarriedOn) {
  Incident incident = waiting_incident();
  incident.carried_attempts = 3;
  ASSERT_TRUE(apply(incident, AlertResolved{"f1"}, kNow, kSettings));
  forgive_attempts(incident, kNow);
  const Incident next = open_incident("box", "web", fired(kNow + seconds(5)), &incident,
                                      kNow + seconds(5), kSettings);
  EXPECT_EQ(next.attempts_used(), 0);
}

// ---- what is carried from one incident to the next

Incident closed_after(int attempts, IncidentOutcome outcome) {
  Incident incident = waiting_incident();
  for (int i = 0; i < attempts; ++i) {
    apply(incident, attempt_on(), kNow, kSettings);
    apply(incident, Acted{kNow}, kNow, kSettings);
    if (i + 1 < attempts || outcome != IncidentOutcome::recovered)
      apply(incident, AttemptFailed{AttemptResult::not_healthy, ""}, kNow, kSettings);
  }
  if (outcome == IncidentOutcome::recovered) apply(incident, Verified{}, kNow, kSettings);
  if (outcome == IncidentOutcome::withdrawn) apply(incident, AlertResolved{"f1"}, kNow, kSettings);
  EXPECT_EQ(incident.outcome, outcome);
  return incident;
}

Incident next_after(const Incident* previous, WallTime now) {
  return open_incident("box", "web", fired(now, now), previous, now, kSettings);
}

TEST(CarriedAttempts, CountOnWithinTheReset) {
  const Incident first = closed_after(2, IncidentOutcome::recovered);
  const Incident second = next_after(&first, kNow + minutes(9));
  EXPECT_EQ(second.carried_attempts, 2);
  EXPECT_EQ(second.attempts_used(), 2);
  EXPECT_EQ(second.last_attempt_ended_at, first.last_attempt_ended_at);
  EXPECT_TRUE(second.last_attempt_seen_healthy) << "so the new failure is healed at once";
}

TEST(CarriedAttempts, AddUpOverSeveralIncidents) {
  const Incident first = closed_after(1, IncidentOutcome::recovered);
  Incident second = next_after(&first, kNow + minutes(1));
  ASSERT_TRUE(apply(second, attempt_on(), kNow + minutes(1), kSettings));
  ASSERT_TRUE(apply(second, Acted{kNow}, kNow + minutes(1), kSettings));
  ASSERT_TRUE(apply(second, Verified{}, kNow + minutes(1), kSettings));
  EXPECT_EQ(next_after(&second, kNow + minutes(2)).attempts_used(), 2);
}

TEST(CarriedAttempts, AreForgottenAfterTenMinutesOfHealth) {
  const Incident first = closed_after(2, IncidentOutcome::recovered);
  const Incident second = next_after(&first, kNow + minutes(10));
  EXPECT_EQ(second.attempts_used(), 0);
  EXPECT_EQ(second.last_attempt_ended_at, std::nullopt);
}

TEST(CarriedAttempts, AreNotForgottenByAWithdrawal) {
  const Incident first = closed_after(2, IncidentOutcome::withdrawn);
  const Incident second = next_after(&first, kNow + seconds(5));
  EXPECT_EQ(second.attempts_used(), 2);
  EXPECT_FALSE(second.last_attempt_seen_healthy) << "backoff and cooldown go on";
}

TEST(CarriedAttempts, AreNotForgottenForAFailureThatBeganInTheFuture) {
  const Incident first = closed_after(2, IncidentOutcome::withdrawn);
  const WallTime now = kNow + seconds(5);
  const Incident second =
      open_incident("box", "web", fired(now + std::chrono::hours(1), now), &first, now, kSettings);
  EXPECT_EQ(second.attempts_used(), 2) << "the clock was set back since";
}

TEST(CarriedAttempts, AreNoneOfNothing) {
  EXPECT_EQ(next_after(nullptr, kNow).attempts_used(), 0);
}

// Until it is judged: an engine that is away would let the configuration's budget open the breaker.
TEST(WhatWasKnownOfIt, IsWhatItWasInTheIncidentBefore) {
  Incident first = closed_after(1, IncidentOutcome::recovered);
  first.service = "service/web";
  first.service_id = "s1";
  first.budget_per_hour = 10;
  first.budget_per_day = 40;
  for (const auto later : {minutes(5), minutes(500)}) {
    const Incident next = next_after(&first, kNow + later);
    EXPECT_EQ(next.subject(), "service/web");
    EXPECT_EQ(next.service_id, "s1");
    EXPECT_EQ(next.budget_per_hour, 10);
    EXPECT_EQ(next.budget_per_day, 40);
  }
}

TEST(IncidentNames, AreReadBack) {
  for (const auto state : {IncidentState::waiting, IncidentState::acting, IncidentState::verifying,
                           IncidentState::closed})
    EXPECT_EQ(parse_incident_state(to_string(state)), state);
  for (const auto outcome : {IncidentOutcome::none, IncidentOutcome::recovered,
                             IncidentOutcome::withdrawn, IncidentOutcome::expired})
    EXPECT_EQ(parse_incident_outcome(to_string(outcome)), outcome);
  for (const auto result :
       {AttemptResult::none, AttemptResult::verified, AttemptResult::relapsed,
        AttemptResult::action_failed, AttemptResult::no_effect, AttemptResult::container_gone,
        AttemptResult::not_healthy, AttemptResult::restarted_again})
    EXPECT_EQ(parse_attempt_result(to_string(result)), result);
  EXPECT_EQ(parse_incident_state("nonsense"), std::nullopt);
}

}  // namespace
}  // namespace selfheal
