// What an attempt does to a container, and what becomes of it when Docker does not do as told.
#include "remediator/act/attempt_runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "remediator/act/stop_timeout.h"
#include "tests/remediator/workshop.h"

namespace selfheal {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Effect = FakeDocker::Effect;

class AttemptRunnerTest : public testing::Test {
 protected:
  void become(Health health) {
    shop_.prometheus.set([&](FakePrometheus::State& state) { state.health = health; });
  }
  Attempt last_attempt() { return shop_.incident().attempts.back(); }

  Workshop shop_;
};

constexpr const char* kRestart = "restart id-of-web t=10";
constexpr const char* kStart = "start id-of-web";

TEST_F(AttemptRunnerTest, AKillIsFollowedByAStart) {
  shop_.docker.change("web", [](ContainerDetails& web) { web.labels["selfheal.action"] = "kill"; });
  shop_.docker.next_action({Effect::leaves_stopped});
  shop_.fire();
  shop_.run(seconds(2));
  EXPECT_THAT(shop_.actions(), ElementsAre("kill id-of-web", "start id-of-web"));
  EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
  EXPECT_EQ(shop_.incident().attempts.at(0).action, "kill");
}

TEST_F(AttemptRunnerTest, HealsAContainer) {
  const WallTime accepted = shop_.clock.wall_now();
  shop_.fire();
  shop_.run(seconds(2));
  EXPECT_THAT(shop_.actions(), ElementsAre(kRestart));
  EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
  become(Health::seen_healthy);
  shop_.run(seconds(8));
  EXPECT_TRUE(last_attempt().seen_healthy_at.has_value());
  EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
  become(Health::proven);
  shop_.run(seconds(1));
  const Incident closed = shop_.incident();
  EXPECT_EQ(closed.outcome, IncidentOutcome::recovered);
  EXPECT_EQ(closed.attempts.at(0).result, AttemptResult::verified);
  EXPECT_EQ(closed.attempts.at(0).requested_at, accepted) << "without any delay";
  EXPECT_THAT(shop_.actions(), ElementsAre(kRestart));
  const std::string metrics = shop_.metrics_text();
  EXPECT_THAT(metrics, HasSubstr("selfheal_remediator_attempts_total{action=\"restart\","
                                 "container=\"web\",group=\"shop/web\",host=\"box\"} 1"));
  EXPECT_THAT(
      metrics,
      HasSubstr("selfheal_remediator_attempt_duration_seconds_count{action=\"restart\"} 1"));
  EXPECT_THAT(metrics, HasSubstr("decisions_total{decision=\"act\",reason=\"due\"} 1"));
}

TEST_F(AttemptRunnerTest, StoresTheFactsItDecidedFrom) {
  shop_.fire();
  shop_.step();
  const auto decisions = shop_.decisions();
  ASSERT_EQ(decisions.size(), 1u);
  EXPECT_EQ(decisions[0].verdict, "act");
  EXPECT_EQ(decisions[0].reason, "due");
  EXPECT_EQ(nlohmann::json::parse(decisions[0].facts)["container"], "web");
}

TEST_F(AttemptRunnerTest, WritesDownWhatItIsAboutToDoBeforeItDoesIt) {
  std::optional<Incident> seen;
  shop_.docker.next_action({Effect::restarts, {}, [&] { seen = shop_.incident(); }});
  shop_.fire();
  shop_.step();
  ASSERT_TRUE(seen.has_value());
  EXPECT_EQ(seen->state, IncidentState::acting);
  EXPECT_EQ(seen->attempts.at(0).container_id, "id-of-web");
  EXPECT_EQ(seen->attempts.at(0).started_before, ManualClock::kStart - std::chrono::hours(1));
  EXPECT_EQ(seen->attempts.at(0).started_after, std::nullopt);
}

TEST_F(AttemptRunnerTest, StartsWhatIsDownWhereThatIsAskedFor) {
  shop_.docker.change("web", [](ContainerDetails& web) { web.state = ContainerState::exited; });
  shop_.fire(seconds(3), "start");
  shop_.step();
  EXPECT_THAT(shop_.actions(), ElementsAre(kStart));
  EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
}

TEST_F(AttemptRunnerTest, ErrorAndContainerUntouchedIsAFailedAction) {
  shop_.docker.next_action({Effect::none, DockerFailureKind::failed});
  shop_.fire();
  shop_.step();
  EXPECT_EQ(shop_.incident().state, IncidentState::waiting);
  EXPECT_EQ(last_attempt().result, AttemptResult::action_failed);
  EXPECT_THAT(last_attempt().detail, HasSubstr("the fake engine says failed"));
  EXPECT_THAT(shop_.metrics_text(), HasSubstr("reason=\"action_failed\"} 1"));
  shop_.run(seconds(29));
  EXPECT_THAT(shop_.actions(), ElementsAre(kRestart)) << "backoff and cooldown";
  shop_.run(seconds(2));
  EXPECT_THAT(shop_.actions(), ElementsAre(kRestart, "kill id-of-web"));
}

// Docker's errors are not to be trusted: what counts is the container.
TEST_F(AttemptRunnerTest, ErrorButRestartedIsAnAction) {
  for (const auto kind : {DockerFailureKind::failed, DockerFailureKind::conflict,
                          DockerFailureKind::timeout, DockerFailureKind::closed}) {
    Workshop shop;
    shop.docker.next_action({Effect::restarts, kind});
    shop.fire();
    shop.step();
    EXPECT_EQ(shop.incident().state, IncidentState::verifying) << to_string(kind);
    EXPECT_THAT(shop.actions(), ElementsAre(kRestart));
  }
}

// As of a proxy in front of Docker, which may have passed it on.
TEST_F(AttemptRunnerTest, AnAnswerThatSaysNothingIsNoRefusal) {
  for (const auto kind : {DockerFailureKind::unavailable, DockerFailureKind::malformed}) {
    Workshop shop;
    shop.docker.next_action({Effect::none, kind});
    shop.fire();
    shop.step();
    EXPECT_EQ(shop.incident().state, IncidentState::acting) << to_string(kind);
  }
}

TEST_F(AttemptRunnerTest, ALateEffectIsWaitedForAndNotRepeated) {
  shop_.docker.next_action({Effect::none, DockerFailureKind::timeout});
  shop_.fire();
  shop_.step();
  EXPECT_EQ(shop_.incident().state, IncidentState::acting) << "it may still happen";
  shop_.run(seconds(5));
  shop_.docker.change("web",
                      [&](ContainerDetails& web) { web.started_at = shop_.clock.wall_now(); });
  shop_.run(seconds(1));
  EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
  EXPECT_THAT(shop_.actions(), ElementsAre(kRestart));
}

TEST_F(AttemptRunnerTest, WithoutAnyEffectTheAttemptEndsWhenDockerHasGivenUp) {
  shop_.docker.next_action({Effect::none, DockerFailureKind::closed});
  shop_.fire();
  shop_.run(Milliseconds(24'900));
  EXPECT_EQ(shop_.incident().state, IncidentState::acting);
  shop_.run(Milliseconds(300));
  EXPECT_EQ(last_attempt().result, AttemptResult::no_effect);
  EXPECT_THAT(shop_.actions(), ElementsAre(kRestart));
}

TEST_F(AttemptRunnerTest, WhatWasLeftStoppedIsStartedAsTheSameAttempt) {
  for (const auto kind :
       {DockerFailureKind::failed, DockerFailureKind::closed, DockerFailureKind::timeout}) {
    Workshop shop;
    shop.docker.next_action({Effect::leaves_stopped, kind});
    shop.fire();
    shop.run(Milliseconds(0));
    EXPECT_THAT(shop.actions(), ElementsAre(kRestart, kStart)) << to_string(kind);
    EXPECT_EQ(shop.incident().attempts.size(), 1u);
    EXPECT_EQ(shop.incident().state, IncidentState::verifying);
  }
}

TEST_F(AttemptRunnerTest, OwnDebtNeedsNoGuardAndIsNotGivenUp) {
  shop_.docker.next_action({Effect::leaves_stopped, DockerFailureKind::closed, [&] {
                              // Every guard there is would object from now on.
                              shop_.prometheus.set([](FakePrometheus::State& state) {
                                state.holds = {"storm"};
                                state.alerts_firing = false;
                              });
                              shop_.resolve(seconds(3));
                              RemediatorSettings dry;
                              dry.guards.dry_run = true;
                              shop_.settings.set(dry);
                              shop_.docker.change("web", [](ContainerDetails& web) {
                                web.labels = {{"selfheal.action", "none"}};
                              });
                              // And the engine can't start it yet.
                              shop_.docker.next_action({Effect::none, DockerFailureKind::failed});
                            }});
  shop_.fire();
  shop_.step();
  EXPECT_THAT(shop_.actions(), ElementsAre(kRestart, kStart));
  EXPECT_EQ(shop_.incident().state, IncidentState::acting);
  shop_.run(seconds(1));
  EXPECT_THAT(shop_.actions(), ElementsAre(kRestart, kStart, kStart));
  EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
  EXPECT_EQ(shop_.incident().attempts.size(), 1u);
}

TEST_F(AttemptRunnerTest, AnEngineThatCantStartItIsAskedMoreAndMoreRarely) {
  shop_.docker.next_action(
      {Effect::leaves_stopped, DockerFailureKind::closed, [&] {
         shop_.docker.next_action({Effect::none, DockerFailureKind::failed, {}, 1000});
       }});
  shop_.fire();
  shop_.run(minutes(10));
  const size_t starts = shop_.actions().size() - 1;
  EXPECT_GE(starts, 20u) << "at the latest every 30 s";
  EXPECT_LE(starts, 60u);
  EXPECT_EQ(shop_.incident().state, IncidentState::acting) << "never given up";
}

TEST_F(AttemptRunnerTest, AContainerThatIsGone) {
  shop_.docker.next_action({Effect::removes, DockerFailureKind::not_found});
  shop_.fire();
  shop_.step();
  EXPECT_EQ(last_attempt().result, AttemptResult::container_gone);
  EXPECT_EQ(shop_.incident().state, IncidentState::waiting);
  shop_.run(minutes(1));
  EXPECT_EQ(shop_.incident().reason, "no_such_container");
  EXPECT_THAT(shop_.metrics_text(), testing::Not(HasSubstr("attempt_failures_total{")))
      << "a container that was replaced is a deployment";
  EXPECT_THAT(shop_.actions(), ElementsAre(kRestart));
}

TEST_F(AttemptRunnerTest, AnActionIsOnTheContainerThatWasJudgedNotOnItsNamesake) {
  shop_.docker.next_action({Effect::none, DockerFailureKind::timeout});
  shop_.fire();
  shop_.step();
  shop_.docker.change("web", [](ContainerDetails& web) { web.id = "another"; });
  shop_.run(seconds(1));
  EXPECT_EQ(last_attempt().result, AttemptResult::container_gone);
}

TEST_F(AttemptRunnerTest, WhatIsClosedOrUnknownIsLeftAlone) {
  shop_.fire();
  shop_.resolve(seconds(3));
  EXPECT_EQ(shop_.step(), std::nullopt);
  EXPECT_EQ(shop_.runner->step(4711), std::nullopt);
  EXPECT_THAT(shop_.actions(), IsEmpty());
  EXPECT_EQ(shop_.docker.inspects(), 0);
}

TEST(StopTimeoutOf, IsTheLabelsElseTheContainersElseDockers) {
  ContainerDetails details;
  EXPECT_EQ(stop_timeout_of(details), seconds(10));
  details.stop_timeout = seconds(3);
  EXPECT_EQ(stop_timeout_of(details), seconds(3));
  for (const auto& [text, expected] :
       {std::pair("7", 7), std::pair("0", 0), std::pair("1m30s", 90), std::pair("2s", 2),
        std::pair("-1", 3), std::pair("soon", 3), std::pair("", 3), std::pair("7 ", 3)}) {
    details.labels["selfheal.stop-timeout"] = text;
    EXPECT_EQ(stop_timeout_of(details), seconds(expected)) << text;
  }
  details.labels.clear();
  details.stop_timeout = seconds(-1);
  EXPECT_EQ(stop_timeout_of(details), seconds(10)) << "what hangs is not waited for for ever";
  details.labels.clear();
  details.stop_timeout = seconds(-1);  // for ever
  EXPECT_EQ(stop_timeout_of(details), seconds(10));
}

TEST_F(AttemptRunnerTest, TheStopTimeoutIsGrantedAndWaitedFor) {
  shop_.docker.change("web",
                      [](ContainerDetails& web) { web.labels["selfheal.stop-timeout"] = "40s"; });
  shop_.docker.next_action({Effect::none, DockerFailureKind::timeout});
  shop_.fire();
  shop_.run(seconds(54));
  EXPECT_THAT(shop_.actions(), ElementsAre("restart id-of-web t=40"));
  EXPECT_EQ(shop_.incident().state, IncidentState::acting);
  shop_.run(seconds(2));
  EXPECT_EQ(last_attempt().result, AttemptResult::no_effect);
}

}  // namespace
}  // namespace selfheal
