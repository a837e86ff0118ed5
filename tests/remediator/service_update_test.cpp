// What an attempt does to a service, and what becomes of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remediator/incident/target.h"
#include "tests/remediator/samples.h"
#include "tests/remediator/workshop.h"

namespace selfheal {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Effect = FakeDocker::Effect;

constexpr const char* kUpdate = "force_update id-of-web 1";

class ServiceUpdateTest : public testing::Test {
 protected:
  ServiceUpdateTest() {
    shop_.docker.add_service("web");
    shop_.service = "web";
  }
  void fire() { shop_.fire(seconds(3), "service-update"); }
  Attempt last_attempt() { return shop_.incident().attempts.back(); }
  void change(const std::function<void(ServiceDetails&)>& how) {
    shop_.docker.change_service("web", how);
  }
  // As the journal is after a SIGKILL between "about to update" and the answer.
  void die_while_acting() {
    const auto written = shop_.journal->write([](JournalWriter& writer) {
      AlertFired event = fired(kNow - seconds(3));
      event.alert.remediation = "service-update";
      Incident incident = open_incident("box", service_target("web"), event, nullptr, kNow, {});
      Attempt attempt;
      attempt.action = "service-update";
      attempt.container_id = "id-of-web";
      attempt.started_before = kNow - hours(1);
      apply(incident, AttemptStarted{attempt}, kNow, IncidentSettings{});
      writer.save(incident);
    });
    EXPECT_TRUE(written.ok());
  }

  Workshop shop_;
};

TEST_F(ServiceUpdateTest, HealsAService) {
  change([](ServiceDetails& web) { web.update_started_at = kNow - hours(1); });
  fire();
  shop_.run(seconds(2));
  EXPECT_THAT(shop_.actions(), ElementsAre(kUpdate));
  EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
  EXPECT_EQ(shop_.incident().group, "web");
  EXPECT_EQ(last_attempt().container_id, "id-of-web");
  EXPECT_EQ(last_attempt().started_before, kNow - hours(1));
  EXPECT_EQ(last_attempt().started_after, kNow);
  shop_.run(seconds(9));
  EXPECT_EQ(shop_.incident().outcome, IncidentOutcome::recovered);
  EXPECT_THAT(shop_.actions(), ElementsAre(kUpdate));
  EXPECT_THAT(shop_.outcomes(), ElementsAre("recovered 1 of 3"));
  EXPECT_EQ(shop_.outbox().at(0).message.summary, "service/web was updated and is healthy again");
  EXPECT_THAT(shop_.metrics_text(),
              HasSubstr("attempts_total{action=\"service-update\",container=\"service/web\","
                        "group=\"web\",host=\"box\"} 1"));
}

TEST_F(ServiceUpdateTest, OfWatchedContainersTheProbesHaveToPass) {
  change([](ServiceDetails& web) { web.container_labels["selfheal.enable"] = "true"; });
  fire();
  shop_.run(seconds(30));
  EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
  shop_.prometheus.set([](FakePrometheus::State& state) { state.health = Health::proven; });
  shop_.run(seconds(1));
  EXPECT_EQ(shop_.incident().outcome, IncidentOutcome::recovered);
}

TEST_F(ServiceUpdateTest, AContainersLabelUpdatesTheServiceThatItIsATaskOf) {
  shop_.service.clear();  // the alert is of the container "web", and asks for a restart
  shop_.docker.change("web", [](ContainerDetails& web) {
    web.labels["selfheal.action"] = "service-update";
    web.labels["com.docker.swarm.service.name"] = "web";
  });
  shop_.fire();
  shop_.run(seconds(2));
  EXPECT_THAT(shop_.actions(), ElementsAre(kUpdate));
  shop_.docker.lose("web");  // it was replaced, and its alert is over
  shop_.resolve(seconds(5));
  shop_.run(seconds(12));
  EXPECT_EQ(shop_.incident().outcome, IncidentOutcome::recovered);
}

// Each update gives the containers new names, and so new incidents.
TEST_F(ServiceUpdateTest, AttemptsAreCountedForTheServiceWhicheverContainerTheyAreFor) {
  shop_.docker.change_service("web", [](ServiceDetails& web) {
    web.container_labels["selfheal.enable"] = "true";  // watched, and never seen to work
  });
  std::vector<std::string> reasons;
  shop_.service.clear();
  for (int i = 1; i <= 4; ++i) {
    shop_.container = "web.1.t" + std::to_string(i);
    ContainerDetails& task = shop_.docker.add(shop_.container);
    task.labels["selfheal.action"] = "service-update";
    task.labels["com.docker.swarm.service.name"] = "web";
    shop_.fire(Milliseconds(0));
    const auto over = [&] {
      const Incident incident = shop_.incident();
      return !incident.attempts.empty() && incident.attempts.back().ended_at.has_value();
    };
    for (int waited = 0; waited < 200 && !over(); ++waited) shop_.run(seconds(1));
    reasons.push_back(shop_.incident().reason);
    shop_.docker.lose(shop_.container);
    shop_.resolve(seconds(0));
  }
  EXPECT_THAT(shop_.actions(), SizeIs(3)) << "and no fourth";
  EXPECT_THAT(reasons,
              ElementsAre("not_healthy", "not_healthy", "not_healthy", "attempts_used_up"));
}

TEST_F(ServiceUpdateTest, AnUpdateThatPausesHasFailed) {
  shop_.docker.next_action({Effect::restarts, {}, [&] {
                              change([](ServiceDetails& web) {
                                web.update_state = ServiceUpdateState::paused;
                                web.update_message =
                                    "update paused due to failure or early "
                                    "termination of task t1";
                              });
                            }});
  fire();
  shop_.run(seconds(1));
  EXPECT_EQ(last_attempt().result, AttemptResult::not_healthy);
  EXPECT_THAT(last_attempt().detail, HasSubstr("early termination of task t1"));
}

TEST_F(ServiceUpdateTest, AnotherUpdateMeanwhileIsSomebodysDeployment) {
  fire();
  shop_.run(seconds(2));
  change([&](ServiceDetails& web) { web.update_started_at = shop_.clock.wall_now(); });
  shop_.run(seconds(1));
  EXPECT_EQ(last_attempt().result, AttemptResult::restarted_again);
}

TEST_F(ServiceUpdateTest, AServiceThatIsRemovedMeanwhileIsNobodysFailure) {
  shop_.docker.next_action({Effect::removes});
  fire();
  shop_.run(seconds(1));
  EXPECT_EQ(last_attempt().result, AttemptResult::container_gone);
}

TEST_F(ServiceUpdateTest, WhatTheManagerSaysNoToHasNotHappened) {
  shop_.docker.next_action({Effect::none, DockerFailureKind::failed});
  fire();
  shop_.run(seconds(1));
  EXPECT_EQ(last_attempt().result, AttemptResult::action_failed);
  EXPECT_THAT(shop_.actions(), ElementsAre(kUpdate));
}

TEST_F(ServiceUpdateTest, AManagerWithoutALeaderSaysNo) {
  shop_.docker.next_action({Effect::none, DockerFailureKind::unavailable});
  fire();
  shop_.run(seconds(1));
  EXPECT_EQ(last_attempt().result, AttemptResult::action_failed);
  EXPECT_FALSE(last_attempt().detail.empty()) << "why, in its words";
}

// Nothing was asked of it yet.
TEST_F(ServiceUpdateTest, AnEngineThatIsNoManagerAnyMoreIsAFailedAttempt) {
  RemediatorSettings settings = *shop_.settings.get();
  settings.evidence.enabled = false;
  shop_.settings.set(settings);
  shop_.prometheus.set([&](FakePrometheus::State& state) {
    state.meanwhile = [&] { shop_.docker.set_manager(false); };
  });
  fire();
  shop_.step();
  EXPECT_EQ(last_attempt().result, AttemptResult::action_failed);
  EXPECT_THAT(shop_.actions(), IsEmpty());
}

TEST_F(ServiceUpdateTest, AnAnswerThatIsLostIsNoReasonToDoItAgain) {
  shop_.docker.next_action({Effect::restarts, DockerFailureKind::closed});
  fire();
  shop_.run(seconds(12));
  EXPECT_EQ(shop_.incident().outcome, IncidentOutcome::recovered);
  EXPECT_THAT(shop_.actions(), ElementsAre(kUpdate));
}

// Demoted, say, between its answer and the look at what came of it.
TEST_F(ServiceUpdateTest, AnEngineThatIsNoManagerAnyMoreIsNotWaitedForForEver) {
  shop_.docker.next_action(
      {Effect::none, DockerFailureKind::closed, [&] { shop_.docker.set_manager(false); }});
  fire();
  shop_.run(seconds(595));
  EXPECT_EQ(shop_.incident().state, IncidentState::acting);
  shop_.run(seconds(20));
  const Attempt first = shop_.incident().attempts.front();
  EXPECT_EQ(first.result, AttemptResult::unknown);
  EXPECT_THAT(first.detail, HasSubstr("whether it was done is not known: the fake engine says"));
  EXPECT_THAT(shop_.outcomes(), ElementsAre("failed 1 of 3"));
  EXPECT_THAT(shop_.actions(), ElementsAre(kUpdate)) << "nobody can be asked for another one";
}

TEST_F(ServiceUpdateTest, AnEngineThatIsAManagerAgainAfterItsRestartTellsWhatCameOfIt) {
  shop_.docker.next_action(
      {Effect::restarts, DockerFailureKind::closed, [&] { shop_.docker.set_manager(false); }});
  fire();
  shop_.run(minutes(9));
  EXPECT_EQ(shop_.incident().state, IncidentState::acting);
  shop_.docker.set_manager(true);
  shop_.run(seconds(12));
  EXPECT_EQ(shop_.incident().outcome, IncidentOutcome::recovered);
  EXPECT_THAT(shop_.actions(), ElementsAre(kUpdate));
}

TEST_F(ServiceUpdateTest, TasksThatNeverComeAreNotHealthy) {
  shop_.docker.next_action({Effect::restarts, {}, [&] {
                              TaskDetails task;
                              task.force_update = 1;
                              task.state = "pending";
                              task.error = "no suitable node";
                              shop_.docker.set_tasks("web", {task});
                            }});
  fire();
  shop_.run(seconds(59));
  EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
  shop_.run(seconds(60));
  EXPECT_EQ(shop_.incident().attempts.at(0).result, AttemptResult::not_healthy);
  EXPECT_THAT(shop_.incident().attempts.at(0).detail, HasSubstr("no suitable node"));
}

TEST_F(ServiceUpdateTest, AfterACrashAnUpdateThatHasBegunIsVerifiedAndNotRepeated) {
  die_while_acting();
  change([](ServiceDetails& web) {
    web.force_update = 1;
    web.update_state = ServiceUpdateState::updating;
    web.update_started_at = kNow + Milliseconds(300);
  });
  shop_.clock.advance(seconds(2));
  shop_.step();
  EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
  EXPECT_EQ(last_attempt().started_after, kNow + Milliseconds(300));
  EXPECT_THAT(shop_.actions(), IsEmpty());
}

TEST_F(ServiceUpdateTest, AfterACrashAnUntouchedServiceIsNotUpdatedByItself) {
  die_while_acting();
  for (const auto& before : {std::optional(kNow - hours(1)), std::optional<WallTime>()}) {
    change([&](ServiceDetails& web) { web.update_started_at = before; });
    shop_.step();
    EXPECT_EQ(shop_.incident().state, IncidentState::acting);
  }
  shop_.run(Milliseconds(15'300));
  EXPECT_EQ(last_attempt().result, AttemptResult::no_effect);
  EXPECT_THAT(shop_.actions(), IsEmpty());
}

TEST_F(ServiceUpdateTest, EvidenceIsOfAnUnhealthyContainerOfIt) {
  for (const int slot : {1, 2}) {
    const std::string id = "container-of-t" + std::to_string(slot) + "u0";
    shop_.docker.add("web." + std::to_string(slot)).id = id;
  }
  shop_.docker.change("web.2",
                      [](ContainerDetails& web) { web.health = ContainerHealth::unhealthy; });
  fire();
  shop_.run(seconds(1));
  std::vector<EvidenceRow> rows;
  const int64_t id = shop_.incident().id;
  ASSERT_TRUE(shop_.journal->read([&](JournalReader& reader) { rows = reader.evidence(id); }).ok());
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_THAT(rows[0].content, HasSubstr(R"("name":"web.2")"));
}

}  // namespace
}  // namespace selfheal
