// What each guard objects to of a container, of what people want and of policy.
#include "remediator/decision/guards.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/remediator/guards_fixture.h"

namespace selfheal {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

TEST_F(GuardsTest, KnownHost) {
  expect_nothing(guards::known_host);
  facts_.engine_host = "other";
  expect_refusal(guards::known_host, Reason::unknown_host);
  EXPECT_THAT(detail_, HasSubstr("\"box\""));
  EXPECT_THAT(detail_, HasSubstr("\"other\""));
  facts_.engine_host = "";
  expect_nothing(guards::known_host);
  facts_.host_fault = "there is no host \"box\" in docker.hosts";
  expect_refusal(guards::known_host, Reason::unknown_host);
  EXPECT_EQ(detail_, facts_.host_fault);
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

}  // namespace
}  // namespace selfheal
