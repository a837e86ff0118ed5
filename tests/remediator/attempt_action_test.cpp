// What the actions other than a restart do to a container, and how healing goes from one to the
// next.
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
using Effect = FakeDocker::Effect;

class AttemptActionTest : public testing::Test {
 protected:
  AttemptActionTest() {
    // What is not yet a second old is not judged by its age here.
    RemediatorSettings settings;
    settings.guards.start_grace = settings.guards.create_grace = Milliseconds(0);
    shop_.settings.set(settings);
    shop_.docker.change("web", [](ContainerDetails& web) {
      web.network_mode = "bridge";
      web.networks = {{"bridge", "", ""}};
    });
  }
  void label(const std::string& name, const std::string& value) {
    shop_.docker.change("web", [&](ContainerDetails& web) { web.labels[name] = value; });
  }
  void become(Health health) {
    shop_.prometheus.set([&](FakePrometheus::State& state) { state.health = health; });
  }
  Attempt last_attempt() { return shop_.incident().attempts.back(); }
  std::vector<std::string> actions_taken() {
    std::vector<std::string> taken;
    for (const Attempt& attempt : shop_.incident().attempts) taken.push_back(attempt.action);
    return taken;
  }

  Workshop shop_;
};

// ---- stop

TEST_F(AttemptActionTest, AStopLeavesItDownAndTellsPeople) {
  label("selfheal.action", "stop");
  shop_.fire();
  shop_.run(seconds(1));
  EXPECT_THAT(shop_.actions(), ElementsAre("stop id-of-web t=10"));
  EXPECT_EQ(shop_.incident().outcome, IncidentOutcome::stopped);
  EXPECT_EQ(last_attempt().result, AttemptResult::stopped);
  EXPECT_THAT(shop_.outcomes(), ElementsAre("stopped 1 of 3"));
}

TEST_F(AttemptActionTest, AStopThatDockerRefusesIsAFailedAttempt) {
  label("selfheal.action", "stop");
  shop_.docker.next_action({Effect::none, DockerFailureKind::failed});
  shop_.fire();
  shop_.step();
  EXPECT_EQ(last_attempt().result, AttemptResult::action_failed);
}

TEST_F(AttemptActionTest, AStopThatLostItsAnswerIsLookedAt) {
  label("selfheal.action", "stop");
  shop_.docker.next_action({Effect::leaves_stopped, DockerFailureKind::closed});
  shop_.fire();
  shop_.run(seconds(1));
  EXPECT_THAT(shop_.actions(), ElementsAre("stop id-of-web t=10"));
  EXPECT_EQ(shop_.incident().outcome, IncidentOutcome::stopped);
}

// ---- exec

TEST_F(AttemptActionTest, ACommandIsRunAndItsEffectProved) {
  label("selfheal.action", "exec:nginx -s reload");
  shop_.fire();
  shop_.run(seconds(1));
  EXPECT_THAT(shop_.actions(), ElementsAre("exec id-of-web: nginx -s reload"));
  EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
  EXPECT_EQ(last_attempt().action, "exec");
  EXPECT_EQ(last_attempt().command, "nginx -s reload");
  EXPECT_EQ(last_attempt().started_after, last_attempt().started_before);
  const std::string since = std::to_string(to_unix_ns(*last_attempt().acted_at) / 1'000'000'000);
  EXPECT_THAT(shop_.prometheus.queries(), testing::Contains(HasSubstr(" - " + since)))
      << "health counts from the command's end";
  become(Health::proven);
  shop_.run(seconds(1));
  EXPECT_EQ(shop_.incident().outcome, IncidentOutcome::recovered);
}

TEST_F(AttemptActionTest, ACommandThatFailsSaysHow) {
  label("selfheal.action", "exec:reload");
  shop_.docker.change("web",
                      [](ContainerDetails& web) { web.environment = {"DB_PASSWORD=hunter22"}; });
  shop_.docker.set_exec(CommandResult{3, "no such pid as hunter22\n", false});
  shop_.fire();
  shop_.step();
  EXPECT_EQ(last_attempt().result, AttemptResult::action_failed);
  EXPECT_THAT(last_attempt().detail, HasSubstr("status 3: no such pid as ***"));
}

TEST_F(AttemptActionTest, ACommandThatDoesNotEndIsNotWaitedForForEver) {
  label("selfheal.action", "exec:reload");
  shop_.docker.set_exec(DockerFailure{DockerFailureKind::timeout, "late"});
  shop_.fire();
  shop_.step();
  EXPECT_EQ(last_attempt().result, AttemptResult::action_failed);
  EXPECT_THAT(last_attempt().detail, HasSubstr("30 s (limits.exec_timeout)"));
}

TEST_F(AttemptActionTest, ACommandWhoseEndIsNotKnownIsNotRunAgain) {
  label("selfheal.action", "exec:reload");
  shop_.docker.set_exec(DockerFailure{DockerFailureKind::closed, "gone"});
  shop_.fire();
  shop_.run(seconds(2));
  EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
  EXPECT_THAT(shop_.actions(), ElementsAre("exec id-of-web: reload"));
}

// ---- escalation

TEST_F(AttemptActionTest, WhatDidNotHelpIsFollowedByTheNextStep) {
  label("selfheal.escalation", "exec:reload, restart 15s, kill 15s");
  shop_.fire();
  shop_.run(minutes(4));
  EXPECT_THAT(actions_taken(), ElementsAre("exec", "restart", "kill"));
  EXPECT_THAT(shop_.outcomes(),
              ElementsAre("failed 1 of 3", "failed 2 of 3", "breaker_open 3 of 3"));
}

TEST_F(AttemptActionTest, AStepHasItsOwnTime) {
  label("selfheal.escalation", "restart 20s");
  shop_.fire();
  shop_.run(seconds(19));
  EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
  shop_.run(seconds(3));
  EXPECT_EQ(last_attempt().result, AttemptResult::not_healthy);
  EXPECT_EQ(last_attempt().verify_within, seconds(20));
}

TEST_F(AttemptActionTest, WhatHelpedIsRepeatedWhenItBreaksAgain) {
  label("selfheal.escalation", "restart 15s, kill, recreate");
  shop_.fire();
  shop_.run(seconds(60));
  EXPECT_THAT(actions_taken(), ElementsAre("restart", "kill"));
  become(Health::proven);
  shop_.run(seconds(1));
  EXPECT_EQ(shop_.incident().outcome, IncidentOutcome::recovered);
  become(Health::unproven);
  shop_.clock.advance(seconds(60));
  shop_.fire();
  shop_.run(seconds(2));
  EXPECT_THAT(actions_taken(), ElementsAre("kill")) << "of the second incident";
}

TEST_F(AttemptActionTest, NothingIsKnownOfItsHealthIsNoReasonForTheNextStep) {
  shop_.fire();
  shop_.run(seconds(2));
  shop_.prometheus.set([](FakePrometheus::State& state) { state.scraped = false; });
  shop_.run(seconds(62));
  EXPECT_EQ(last_attempt().result, AttemptResult::not_scraped);
  shop_.prometheus.set([](FakePrometheus::State& state) { state.scraped = true; });
  shop_.run(seconds(60));
  EXPECT_THAT(actions_taken(), ElementsAre("restart", "restart"));
}

TEST_F(AttemptActionTest, ASilentPrometheusIsToldApart) {
  shop_.fire();
  shop_.run(seconds(2));
  shop_.prometheus.set([](FakePrometheus::State& state) { state.down = true; });
  shop_.run(seconds(62));
  EXPECT_EQ(last_attempt().result, AttemptResult::no_prometheus);
}

}  // namespace
}  // namespace selfheal
