// Each guard by itself: what it objects to, and what not.
#include "remediator/decision/guards.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/remediator/samples.h"

namespace selfheal {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

class GuardsTest : public testing::Test {
 protected:
  void label(const std::string& name, const std::string& value) {
    facts_.inspected->labels[name] = value;
  }
  void expect_wait(Guard guard, Reason reason, WallTime until) {
    const Objection objection = guard(facts_, settings_);
    ASSERT_TRUE(objection.has_value());
    EXPECT_EQ(objection->verdict, Verdict::wait);
    EXPECT_EQ(to_string(objection->reason), to_string(reason));
    EXPECT_EQ(objection->until, until);
    detail_ = objection->detail;
    EXPECT_FALSE(detail_.empty());
  }
  void expect_refusal(Guard guard, Reason reason) {
    const Objection objection = guard(facts_, settings_);
    ASSERT_TRUE(objection.has_value());
    EXPECT_EQ(objection->verdict, Verdict::refuse);
    EXPECT_EQ(to_string(objection->reason), to_string(reason));
    EXPECT_EQ(objection->until, kNow + seconds(30));
    detail_ = objection->detail;
    EXPECT_FALSE(detail_.empty());
  }
  void expect_nothing(Guard guard) { EXPECT_FALSE(guard(facts_, settings_).has_value()); }

  Facts facts_ = good_facts();
  GuardSettings settings_;
  std::string detail_;
};

TEST_F(GuardsTest, KnownHost) {
  expect_nothing(guards::known_host);
  facts_.engine_host = "other";
  expect_refusal(guards::known_host, Reason::unknown_host);
  EXPECT_THAT(detail_, HasSubstr("\"box\""));
  EXPECT_THAT(detail_, HasSubstr("\"other\""));
  facts_.engine_host = "";
  expect_nothing(guards::known_host);
}

TEST_F(GuardsTest, ContainerExists) {
  expect_nothing(guards::container_exists);
  facts_.inspected.reset();
  expect_wait(guards::container_exists, Reason::docker_unreachable, kNow + seconds(5));
  facts_.docker_failure = DockerFailure{DockerFailureKind::unreachable, "no socket"};
  expect_wait(guards::container_exists, Reason::docker_unreachable, kNow + seconds(5));
  EXPECT_EQ(detail_, "no socket");
  facts_.docker_failure = DockerFailure{DockerFailureKind::not_found, ""};
  expect_refusal(guards::container_exists, Reason::no_such_container);
}

TEST_F(GuardsTest, NotSelf) {
  expect_nothing(guards::not_self);
  facts_.is_self = true;
  expect_refusal(guards::not_self, Reason::self);
}

TEST_F(GuardsTest, OptedIn) {
  expect_nothing(guards::opted_in);
  facts_.inspected->labels = {{"monitored", "true"}};
  expect_nothing(guards::opted_in);
  for (const char* no : {"false", "", "yes", "TRUE", "1"}) {
    facts_.inspected->labels = {{"selfheal.enable", no}, {"other", "true"}};
    expect_refusal(guards::opted_in, Reason::not_opted_in);
  }
  facts_.inspected->labels.clear();
  expect_refusal(guards::opted_in, Reason::not_opted_in);
}

TEST_F(GuardsTest, ActionAllowed) {
  expect_nothing(guards::action_allowed);
  facts_.asked_action = "start";
  expect_nothing(guards::action_allowed);
  for (const char* unknown : {"reboot", "exec:rm -rf /", "", "RESTART"}) {
    facts_.asked_action = unknown;
    expect_refusal(guards::action_allowed, Reason::unknown_action);
  }
  label("selfheal.action", "none");
  facts_.asked_action = "restart";
  expect_refusal(guards::action_allowed, Reason::action_none);
}

TEST_F(GuardsTest, StateFitsARestart) {
  struct Case {
    ContainerState state;
    Reason reason;
  };
  expect_nothing(guards::state_fits);
  for (const auto& [state, reason] :
       {Case{ContainerState::exited, Reason::container_not_running},
        Case{ContainerState::created, Reason::container_not_running},
        Case{ContainerState::dead, Reason::container_not_running},
        Case{ContainerState::unknown, Reason::container_not_running},
        Case{ContainerState::paused, Reason::container_paused},
        Case{ContainerState::restarting, Reason::container_in_transition},
        Case{ContainerState::removing, Reason::container_in_transition}}) {
    facts_.inspected->state = state;
    expect_wait(guards::state_fits, reason, kNow + seconds(5));
  }
}

TEST_F(GuardsTest, StateFitsAStart) {
  facts_.asked_action = "start";
  expect_wait(guards::state_fits, Reason::container_running, kNow + seconds(5));
  for (const auto state : {ContainerState::exited, ContainerState::created, ContainerState::dead}) {
    facts_.inspected->state = state;
    expect_nothing(guards::state_fits);
  }
  facts_.inspected->state = ContainerState::paused;
  expect_wait(guards::state_fits, Reason::container_paused, kNow + seconds(5));
  facts_.inspected->state = ContainerState::restarting;
  expect_wait(guards::state_fits, Reason::container_in_transition, kNow + seconds(5));
}

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

TEST_F(GuardsTest, Lease) {
  facts_.lease_until = kNow;
  expect_nothing(guards::lease);
  facts_.lease_until = kNow - Milliseconds(1);
  expect_wait(guards::lease, Reason::lease_over, kNow + seconds(5));
}

TEST_F(GuardsTest, StillFiring) {
  expect_nothing(guards::still_firing);
  facts_.policy_source = PolicySource::failed;
  facts_.policy_failure = "connection refused";
  expect_wait(guards::still_firing, Reason::policy_unreachable, kNow + seconds(5));
  EXPECT_EQ(detail_, "connection refused");
  facts_.policy_source = PolicySource::not_configured;
  facts_.policy.alerts_firing = false;
  expect_nothing(guards::still_firing);
}

// Alertmanager can be quicker than the commit of the rule that fired.
TEST_F(GuardsTest, StillFiringIsAskedAgainSoonAfterADelivery) {
  facts_.policy.alerts_firing = false;
  expect_wait(guards::still_firing, Reason::not_firing, kNow + Milliseconds(20));
  facts_.last_delivery_at = kNow - Milliseconds(300);
  expect_wait(guards::still_firing, Reason::not_firing, kNow + Milliseconds(300));
  facts_.last_delivery_at = kNow - seconds(60);
  expect_wait(guards::still_firing, Reason::not_firing, kNow + seconds(5));
  facts_.last_delivery_at = kNow + seconds(60);  // the clock was set back
  expect_wait(guards::still_firing, Reason::not_firing, kNow + Milliseconds(20));
}

TEST_F(GuardsTest, NotHeld) {
  expect_nothing(guards::not_held);
  facts_.policy.holds = {"storm", "dependency"};
  expect_wait(guards::not_held, Reason::hold, kNow + seconds(5));
  EXPECT_THAT(detail_, HasSubstr("storm, dependency"));
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
  facts_.now += std::chrono::hours(1);  // verified for long, by its labels
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

TEST_F(GuardsTest, DryRun) {
  expect_nothing(guards::dry_run);
  label("selfheal.dry-run", "false");
  expect_nothing(guards::dry_run);
  label("selfheal.dry-run", "true");
  expect_refusal(guards::dry_run, Reason::dry_run);
  EXPECT_THAT(detail_, HasSubstr("would restart it"));
  EXPECT_THAT(detail_, HasSubstr("selfheal.dry-run"));
  label("selfheal.dry-run", "yes");  // a brake that can't be read holds
  expect_refusal(guards::dry_run, Reason::dry_run);
  label("selfheal.dry-run", "");
  expect_nothing(guards::dry_run);
  label("selfheal.dry-run", "false");
  settings_.dry_run = true;
  expect_refusal(guards::dry_run, Reason::dry_run);
  EXPECT_THAT(detail_, HasSubstr("--dry-run"));
}

TEST_F(GuardsTest, WhatKeepsStateIsNotKilled) {
  label("selfheal.action", "kill");
  expect_nothing(guards::action_allowed);
  label("selfheal.stateful", "false");
  expect_nothing(guards::action_allowed);
  for (const char* stateful : {"true", "yes", "1"}) {
    label("selfheal.stateful", stateful);
    expect_refusal(guards::action_allowed, Reason::stateful);
  }
  label("selfheal.action", "restart");
  expect_nothing(guards::action_allowed);
}

TEST_F(GuardsTest, NotProtected) {
  expect_nothing(guards::not_protected);
  settings_.protected_names = {"db-*", "web2"};
  expect_nothing(guards::not_protected);
  settings_.protected_names.emplace_back("w?b");
  expect_refusal(guards::not_protected, Reason::protected_container);
  EXPECT_THAT(detail_, HasSubstr("\"w?b\""));
  settings_.protected_names = {"shop/*"};  // its group
  expect_refusal(guards::not_protected, Reason::protected_container);
}

TEST_F(GuardsTest, NotPausedUntilTheLastOfThemEnds) {
  expect_nothing(guards::not_paused);
  Pause pause{{PauseScope::group, "box", "shop/web"}, "moving house", kNow, kNow + seconds(2)};
  facts_.around.pauses = {pause};
  expect_wait(guards::not_paused, Reason::paused, kNow + seconds(2));
  EXPECT_THAT(detail_, HasSubstr("group box/shop/web"));
  EXPECT_THAT(detail_, HasSubstr("moving house"));
  pause.target = {PauseScope::all, "", ""};
  pause.ends_at = kNow + seconds(4);
  facts_.around.pauses.push_back(pause);
  expect_wait(guards::not_paused, Reason::paused, kNow + seconds(4));
  facts_.around.pauses.front().ends_at.reset();
  expect_wait(guards::not_paused, Reason::paused, kNow + seconds(5));
  EXPECT_THAT(detail_, HasSubstr("without an end"));
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
