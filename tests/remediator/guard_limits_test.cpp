// What each guard objects to for its number or for its time: attempts, pauses, starts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remediator/decision/guards.h"
#include "tests/remediator/guards_fixture.h"

namespace selfheal {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

TEST_F(GuardsTest, AttemptsLeft) {
  facts_.attempts_used = 2;
  expect_nothing(guards::attempts_left);
  facts_.attempts_used = 3;
  expect_refusal(guards::attempts_left, Reason::attempts_used_up);
  settings_.max_attempts = 4;
  expect_nothing(guards::attempts_left);
}

TEST_F(GuardsTest, Backoff) {
  facts_.not_before = kNow;
  expect_nothing(guards::backoff);
  facts_.not_before = kNow + seconds(7);
  expect_wait(guards::backoff, Reason::backoff, kNow + seconds(7));
}

TEST_F(GuardsTest, Cooldown) {
  expect_nothing(guards::cooldown);
  facts_.last_attempt_ended_at = kNow - seconds(10);
  expect_wait(guards::cooldown, Reason::cooldown, kNow + seconds(20));
  facts_.last_attempt_seen_healthy = true;
  expect_nothing(guards::cooldown);
  facts_.last_attempt_seen_healthy = false;
  facts_.last_attempt_ended_at = kNow - seconds(30);
  expect_nothing(guards::cooldown);
}

TEST_F(GuardsTest, GroupFree) {
  expect_nothing(guards::group_free);
  facts_.around.under_way = {under_way("shop/db", "db"), under_way("shop/web", "web-2")};
  facts_.around.under_way[1].host = "elsewhere";
  expect_nothing(guards::group_free);
  facts_.around.under_way.push_back(under_way("shop/web", "web-2"));
  expect_wait(guards::group_free, Reason::group_busy, kNow + seconds(1));
  EXPECT_THAT(detail_, HasSubstr("web-2"));
  facts_.group = facts_.around.under_way.back().group = "";
  expect_nothing(guards::group_free);  // no group is not a group
}

TEST_F(GuardsTest, HandsFree) {
  expect_nothing(guards::hands_free);
  facts_.around.under_way = {under_way("a", "a")};
  expect_nothing(guards::hands_free);
  facts_.around.under_way.push_back(under_way("b", "b"));
  expect_wait(guards::hands_free, Reason::concurrency_limit, kNow + seconds(1));
  EXPECT_THAT(detail_, HasSubstr("limits.concurrent_attempts allows, 2"));
  settings_.concurrent_attempts = 3;
  expect_nothing(guards::hands_free);
}

// Each for a reason of its own: nothing is known of it, or for too long.
TEST_F(GuardsTest, AnEngineThatDoesNotAnswerHoldsUpNoOtherHost) {
  facts_.around.under_way = {under_way("a", "a"), under_way("b", "b")};
  for (AttemptUnderWay& attempt : facts_.around.under_way) attempt.host = "other";
  expect_wait(guards::hands_free, Reason::concurrency_limit, kNow + seconds(1));
  facts_.hosts_away = {"other"};
  expect_nothing(guards::hands_free);
  facts_.hosts_away.clear();
  facts_.now += seconds(40);  // its stop timeout, and 30 s
  expect_wait(guards::hands_free, Reason::concurrency_limit, kNow + seconds(41));
  facts_.now += Milliseconds(1);
  expect_nothing(guards::hands_free);
  for (AttemptUnderWay& attempt : facts_.around.under_way) attempt.host = facts_.host;
  expect_wait(guards::hands_free, Reason::concurrency_limit, facts_.now + seconds(1));
}

TEST_F(GuardsTest, FirstAttemptsGoFirst) {
  facts_.around.under_way = {under_way("a", "a"), under_way("b", "b")};
  facts_.attempts_used = 1;
  expect_wait(guards::hands_free, Reason::concurrency_limit, kNow + seconds(5));
}

TEST_F(GuardsTest, WhatWasActedOnSomeTimeAgoIsNotAtOnce) {
  facts_.around.under_way = {under_way("a", "a"), under_way("shop/web", "web-2")};
  facts_.around.under_way[1].acted_at = kNow - seconds(20);
  expect_wait(guards::hands_free, Reason::concurrency_limit, kNow + seconds(1));
  facts_.around.under_way[1].acted_at = kNow - seconds(20) - Milliseconds(1);
  expect_nothing(guards::hands_free);
  facts_.now += std::chrono::minutes(30);  // verified for long, by its labels
  facts_.around.under_way[1].requested_at = kNow;
  const Objection busy = guards::group_free(facts_, settings_);
  ASSERT_TRUE(busy.has_value()) << "the group waits for what it shows";
  EXPECT_EQ(busy->reason, Reason::group_busy);
}

TEST_F(GuardsTest, WhatDockerIsAtForTooLongIsStuck) {
  facts_.around.under_way = {under_way("shop/web", "web-2"), under_way("a", "a")};
  for (AttemptUnderWay& attempt : facts_.around.under_way) {
    attempt.stop_timeout = seconds(600);
    attempt.requested_at = kNow - seconds(900);
  }
  expect_wait(guards::group_free, Reason::group_busy, kNow + seconds(1));
  expect_wait(guards::hands_free, Reason::concurrency_limit, kNow + seconds(1));
  for (AttemptUnderWay& attempt : facts_.around.under_way) attempt.requested_at -= Milliseconds(1);
  expect_nothing(guards::group_free);
  expect_nothing(guards::hands_free);
}

TEST_F(GuardsTest, WhetherOthersAreInTheWay) {
  EXPECT_FALSE(object_for_others(facts_, settings_).has_value());
  facts_.around.under_way = {under_way("a", "a"), under_way("b", "b")};
  expect_wait(object_for_others, Reason::concurrency_limit, kNow + seconds(1));
  facts_.around.under_way[0].group = "shop/web";
  expect_wait(object_for_others, Reason::group_busy, kNow + seconds(1));
  EXPECT_TRUE(waits_for_others("group_busy"));
  EXPECT_TRUE(waits_for_others("concurrency_limit"));
  EXPECT_FALSE(waits_for_others("hold"));
}

TEST_F(GuardsTest, BudgetOfAContainer) {
  expect_nothing(guards::budget);
  auto& attempts = facts_.around.attempts_of_container;
  attempts = {kNow - seconds(3600)};  // just out of the hour
  for (int i = 1; i <= 4; ++i) attempts.push_back(kNow - seconds(3000 - i));
  expect_nothing(guards::budget);
  attempts.push_back(kNow - seconds(1));
  expect_refusal(guards::budget, Reason::budget_of_container);
  EXPECT_THAT(detail_, HasSubstr("5 attempts within an hour"));
  attempts.clear();
  for (int i = 0; i < 20; ++i) attempts.push_back(kNow - seconds(86'000 - i * 3000));
  expect_refusal(guards::budget, Reason::budget_of_container);
  EXPECT_THAT(detail_, HasSubstr("20 attempts within a day"));
}

TEST_F(GuardsTest, BudgetByLabel) {
  auto& attempts = facts_.around.attempts_of_container;
  attempts = {kNow - seconds(4000), kNow - seconds(2)};
  label("selfheal.budget-per-hour", "1");
  expect_refusal(guards::budget, Reason::budget_of_container);
  EXPECT_THAT(detail_, HasSubstr("1 attempts within an hour"));
  label("selfheal.budget-per-hour", "2");
  expect_nothing(guards::budget);
  label("selfheal.budget-per-day", "2");
  expect_refusal(guards::budget, Reason::budget_of_container);
  EXPECT_THAT(detail_, HasSubstr("2 attempts within a day"));
}

TEST_F(GuardsTest, ABudgetsLabelThatCantBeReadIsToldAndTheConfigurationHolds) {
  for (const char* bad : {"0", "-1", "two", "3 ", "99999999999"}) {
    auto& attempts = facts_.around.attempts_of_container;
    attempts.assign(4, kNow - seconds(2));
    label("selfheal.budget-per-hour", bad);
    expect_nothing(guards::budget);
    attempts.assign(5, kNow - seconds(2));
    expect_refusal(guards::budget, Reason::budget_of_container);
    EXPECT_THAT(detail_,
                HasSubstr("selfheal.budget-per-hour=\"" + std::string(bad) +
                          "\": expected a number from 1; the configuration's value holds"));
  }
}

TEST_F(GuardsTest, CooldownByLabel) {
  facts_.last_attempt_ended_at = kNow - seconds(40);
  expect_nothing(guards::cooldown);
  label("selfheal.cooldown", "1m");
  expect_wait(guards::cooldown, Reason::cooldown, kNow + seconds(20));
  facts_.last_attempt_ended_at = kNow - seconds(1);
  label("selfheal.cooldown", "1s");
  expect_nothing(guards::cooldown);
  label("selfheal.cooldown", "30");  // of what?
  expect_wait(guards::cooldown, Reason::cooldown, kNow + seconds(29));
  const Objection objection = guards::cooldown(facts_, settings_);
  EXPECT_THAT(objection->detail, HasSubstr("selfheal.cooldown=\"30\": expected a duration"));
}

TEST_F(GuardsTest, StartGraceByLabel) {
  facts_.inspected->started_at = kNow - seconds(9);
  label("selfheal.start-grace", "5s");
  expect_nothing(guards::start_grace);
  label("selfheal.start-grace", "1m");
  expect_wait(guards::start_grace, Reason::start_grace, kNow + seconds(51));
  label("selfheal.start-period", "2m");  // the longer of the two
  expect_wait(guards::start_grace, Reason::start_grace, kNow + seconds(111));
  label("selfheal.start-period", "1s");
  label("selfheal.start-grace", "soon");
  expect_wait(guards::start_grace, Reason::start_grace, kNow + seconds(1));
  const Objection objection = guards::start_grace(facts_, settings_);
  EXPECT_THAT(objection->detail, HasSubstr("selfheal.start-grace=\"soon\": expected a duration"));
  label("selfheal.start-grace", "1s");
  facts_.engine_back_at = kNow - seconds(9);  // that is the host's, and the configuration's
  expect_wait(guards::start_grace, Reason::start_grace, kNow + seconds(1));
}

// Where no guard objects by it, it still stands with the decision.
TEST_F(GuardsTest, FaultsOfLabelsAreAmongTheFacts) {
  EXPECT_THAT(to_json(facts_), Not(HasSubstr("label_faults")));
  label("selfheal.cooldown", "soon");
  EXPECT_THAT(to_json(facts_), HasSubstr("label_faults"));
}

TEST_F(GuardsTest, BudgetOfAHostPassesByItself) {
  settings_.host_budget = 3;
  auto& attempts = facts_.around.attempts_of_host;
  attempts = {kNow - seconds(3590), kNow - seconds(20), kNow - seconds(10)};
  expect_wait(guards::budget, Reason::budget_of_host, kNow + seconds(10));
  attempts.front() = kNow - seconds(3600);
  expect_nothing(guards::budget);
}

TEST_F(GuardsTest, NotJustMade) {
  expect_nothing(guards::not_just_made);  // Docker does not say
  facts_.inspected->created_at = kNow - seconds(9);
  expect_wait(guards::not_just_made, Reason::just_created, kNow + seconds(1));
  facts_.inspected->created_at = kNow - seconds(10);
  expect_nothing(guards::not_just_made);
  facts_.inspected->created_at = kNow + seconds(1000);  // by a clock that is ahead
  expect_nothing(guards::not_just_made);
}

TEST_F(GuardsTest, StartGrace) {
  expect_nothing(guards::start_grace);
  facts_.inspected->started_at = kNow - seconds(9);
  expect_wait(guards::start_grace, Reason::start_grace, kNow + seconds(1));
  facts_.last_attempt_ended_at = kNow - seconds(3);
  expect_wait(guards::start_grace, Reason::start_grace, kNow + seconds(1));
  facts_.last_attempt_seen_healthy = true;
  expect_nothing(guards::start_grace);
  facts_.last_attempt_ended_at = kNow - seconds(13);  // it started after that
  expect_wait(guards::start_grace, Reason::start_grace, kNow + seconds(1));
  facts_.inspected->started_at = kNow - seconds(10);
  expect_nothing(guards::start_grace);
  label("selfheal.start-period", "15s");
  label("selfheal.start-period.slow", "1m");
  expect_wait(guards::start_grace, Reason::start_grace, kNow + seconds(50));
  label("selfheal.start-period.slow", "1s");
  expect_wait(guards::start_grace, Reason::start_grace, kNow + seconds(5));
  facts_.inspected->started_at = kNow + seconds(1000);  // by a clock that is ahead
  expect_nothing(guards::start_grace);
  facts_.inspected->started_at = kNow - seconds(3);
  facts_.inspected->state = ContainerState::exited;  // it is not slow to start, it has ended
  expect_nothing(guards::start_grace);
  facts_.inspected->started_at = kNow - seconds(1000);
  facts_.engine_back_at = kNow - seconds(9);  // whatever its start period
  expect_wait(guards::start_grace, Reason::start_grace, kNow + seconds(1));
  EXPECT_THAT(detail_, HasSubstr("Docker was away"));
}

}  // namespace
}  // namespace selfheal
