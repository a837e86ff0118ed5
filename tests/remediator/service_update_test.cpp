// What an attempt does to a service, and what becomes of it.
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remediator/incident/target.h"
#include "tests/remediator/samples.h"
#include "tests/remediator/workshop.h"

namespace selfheal {
namespace {

using std::chrono::hours;
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

// As the first three of the test above, and then one that names the service itself.
class ServiceByAnyNameTest : public ServiceUpdateTest {
 protected:
  ServiceByAnyNameTest() {
    change([](ServiceDetails& web) { web.container_labels["selfheal.enable"] = "true"; });
  }
  bool last_attempt_is_over() {
    const Incident incident = shop_.incident();
    return !incident.attempts.empty() && incident.attempts.back().ended_at.has_value();
  }
  void break_task(const std::string& name) {
    shop_.service.clear();
    shop_.container = name;
    ContainerDetails& task = shop_.docker.add(name);
    task.labels["selfheal.action"] = "service-update";
    task.labels["com.docker.swarm.service.name"] = "web";
    shop_.fire(Milliseconds(0));
    for (int waited = 0; waited < 200 && !last_attempt_is_over(); ++waited) shop_.run(seconds(1));
    shop_.docker.lose(name);
    shop_.resolve(seconds(0));
  }
  void break_three_tasks() {
    for (const char* name : {"web.1.t1", "web.1.t2", "web.1.t3"}) break_task(name);
  }
  void break_service() {
    shop_.service = "web";
    shop_.fire(Milliseconds(0), "service-update");
    shop_.run(seconds(40));
  }
  std::map<std::string, AttemptCount> counts() {
    std::map<std::string, AttemptCount> found;
    const WallTime now = shop_.clock.wall_now();
    EXPECT_TRUE(shop_.journal
                    ->read([&](JournalReader& reader) {
                      for (const AttemptCount& count :
                           reader.attempt_counts(now - hours(24), now, std::chrono::minutes(10)))
                        found[count.container] = count;
                    })
                    .ok());
    return found;
  }
  bool breaker_open(const std::string& name) {
    const auto all = counts();
    const auto found = all.find(name);
    return found != all.end() && breaker_of(found->second, shop_.settings.get()->breaker(),
                                            shop_.clock.wall_now()) == Breaker::open;
  }
  std::vector<int64_t> reset(const std::string& name) {
    std::vector<int64_t> ids;
    EXPECT_TRUE(shop_.journal
                    ->write([&](JournalWriter& writer) {
                      ids = writer.reset("box", name, shop_.clock.wall_now());
                    })
                    .ok());
    return ids;
  }
};

TEST_F(ServiceByAnyNameTest, PeopleAreToldOfTheServiceAndOfAllItsAttempts) {
  break_three_tasks();
  std::vector<std::string> told;
  for (const OutcomeRow& row : shop_.outbox()) {
    told.push_back(std::string(to_string(row.message.kind)) + " " + row.message.attempts);
    EXPECT_EQ(row.message.container, "service/web");
    EXPECT_THAT(row.message.summary, testing::StartsWith("service/web "));
    EXPECT_THAT(row.message.description, HasSubstr("of web.1.t")) << "and which container it was";
  }
  EXPECT_THAT(told, ElementsAre("failed 1 of 3", "failed 2 of 3", "breaker_open 3 of 3"));
  break_service();
  EXPECT_EQ(shop_.incident().reason, "attempts_used_up");
  EXPECT_THAT(shop_.outbox(), SizeIs(3)) << "an open breaker is told once, whoever meets it";
}

TEST_F(ServiceByAnyNameTest, TheBreakerIsTheServicesUnderEachName) {
  break_task("web.1.t1");
  EXPECT_EQ(counts()["service/web"].attempts_used, 1) << "though no alert ever named it";
  EXPECT_FALSE(breaker_open("service/web"));
  break_task("web.1.t2");
  break_task("web.1.t3");
  for (const char* name : {"service/web", "web.1.t3"}) {
    EXPECT_TRUE(breaker_open(name)) << name;
    EXPECT_EQ(counts()[name].attempts_used, 3) << name;
    EXPECT_EQ(counts()[name].attempts_within_hour, 3) << name;
  }
  break_service();
  EXPECT_TRUE(breaker_open("service/web"));
  EXPECT_EQ(shop_.incident().attempts_used(), 3);
  shop_.resolve(seconds(0));
  shop_.clock.advance(std::chrono::minutes(10));
  EXPECT_FALSE(breaker_open("service/web"));
}

TEST_F(ServiceByAnyNameTest, AResetOfAContainerIsOneOfItsService) {
  break_three_tasks();
  break_service();
  EXPECT_THAT(reset("web.1.t3"), testing::Contains(shop_.incident().id)) << "which waits for it";
  EXPECT_FALSE(breaker_open("service/web"));
  EXPECT_FALSE(breaker_open("web.1.t3"));
  shop_.run(seconds(60));
  EXPECT_THAT(shop_.actions(), SizeIs(4));
}

TEST_F(ServiceByAnyNameTest, AResetOfAServiceIsOneOfItsContainers) {
  break_three_tasks();
  EXPECT_THAT(reset("service/web"), SizeIs(3)) << "though no alert ever named it";
  EXPECT_FALSE(breaker_open("service/web"));
  EXPECT_FALSE(breaker_open("web.1.t3"));
  break_task("web.1.t4");
  EXPECT_THAT(shop_.actions(), SizeIs(4));
  EXPECT_EQ(shop_.outbox().back().message.attempts, "1 of 3");
}

TEST_F(ServiceByAnyNameTest, APauseOfAServiceHoldsItsContainers) {
  const auto written = shop_.journal->write([&](JournalWriter& writer) {
    writer.begin_pause(
        {{PauseScope::container, "box", "service/web"}, "", shop_.clock.wall_now(), std::nullopt});
  });
  ASSERT_TRUE(written.ok());
  break_task("web.1.t1");
  EXPECT_THAT(shop_.actions(), IsEmpty());
  EXPECT_EQ(shop_.decisions().front().reason, "paused");
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
