// What the guards make of a service that is to be updated.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remediator/decision/guards.h"
#include "tests/remediator/samples.h"

namespace selfheal {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using testing::HasSubstr;

// Of an alert that names the service.
Facts facts_of_service() {
  Facts facts = good_facts();
  facts.container = "service/web";
  facts.group = facts.service_name = "web";
  facts.asked_action = "service-update";
  facts.inspected.reset();
  ServiceDetails service;
  service.id = "s1";
  service.name = "web";
  service.labels = {{"selfheal.enable", "true"}};
  service.replicas = 3;
  service.created_at = service.updated_at = kNow - hours(1);
  facts.service = service;
  facts.service_labels = labels_of_service(service);
  facts.tasks.resize(3);
  return facts;
}

class ServiceGuardsTest : public testing::Test {
 protected:
  void expect(Verdict verdict, Reason reason) {
    const Decision decision = decide(facts_, settings_);
    EXPECT_EQ(to_string(decision.verdict), to_string(verdict));
    EXPECT_EQ(to_string(decision.reason), to_string(reason));
    detail_ = decision.detail;
  }
  void expect_act() {
    const Decision decision = decide(facts_, settings_);
    EXPECT_EQ(decision.verdict, Verdict::act) << decision.detail;
    EXPECT_EQ(decision.step.action, Action::service_update);
  }
  void label(const std::string& name, const std::string& value) {
    facts_.service->labels[name] = value;
    facts_.service_labels = labels_of_service(*facts_.service);
  }
  void label_containers(const std::string& name, const std::string& value) {
    facts_.service->container_labels[name] = value;
    facts_.service_labels = labels_of_service(*facts_.service);
  }

  Facts facts_ = facts_of_service();
  GuardSettings settings_;
  std::string detail_;
};

TEST_F(ServiceGuardsTest, AServiceThatOptedInIsUpdated) {
  expect_act();
}

TEST_F(ServiceGuardsTest, OptedInByItsOwnLabelOrByThatOfItsContainers) {
  facts_.service->labels.clear();
  label_containers("monitored", "true");
  expect_act();
  label("selfheal.enable", "false");  // said on the service itself, it counts
  expect(Verdict::refuse, Reason::not_opted_in);
  EXPECT_THAT(detail_, HasSubstr("the service"));
}

TEST_F(ServiceGuardsTest, NoneIsNoneWhereverItIsSaid) {
  label("selfheal.action", "none");
  expect(Verdict::refuse, Reason::action_none);
  label("selfheal.action", "service-update");
  label_containers("selfheal.action", "none");
  expect(Verdict::refuse, Reason::action_none);
}

TEST_F(ServiceGuardsTest, WhatItsContainersAreToHaveDoneToThemIsNoneOfTheServices) {
  label_containers("selfheal.action", "restart");
  expect_act();
}

TEST_F(ServiceGuardsTest, BrakesOnEitherHold) {
  label_containers("selfheal.dry-run", "true");
  expect(Verdict::refuse, Reason::dry_run);
  EXPECT_THAT(detail_, HasSubstr("service-update"));
  facts_ = facts_of_service();
  label("selfheal.stateful", "true");
  expect(Verdict::refuse, Reason::stateful);
}

TEST_F(ServiceGuardsTest, NeitherLiftsABrakeOfTheOther) {
  for (const auto& [brake, reason] :
       {std::pair("selfheal.stateful", Reason::stateful), {"selfheal.dry-run", Reason::dry_run}}) {
    facts_ = facts_of_service();
    label_containers(brake, "true");
    label(brake, "false");
    expect(Verdict::refuse, reason);
    facts_ = facts_of_service();
    label_containers(brake, "false");
    label(brake, "true");
    expect(Verdict::refuse, reason);
    facts_ = facts_of_service();
    label_containers(brake, "false");
    label(brake, "false");
    expect_act();
  }
}

// Its container may be older than the service's specification, and carry what that no longer does.
TEST_F(ServiceGuardsTest, ABrakeOnTheTasksOwnContainerHoldsToo) {
  for (const auto& [brake, reason] :
       {std::pair("selfheal.stateful", Reason::stateful), {"selfheal.dry-run", Reason::dry_run}}) {
    facts_ = facts_of_service();
    facts_.container = "web.1.a";
    facts_.inspected = good_facts().inspected;
    facts_.inspected->labels["com.docker.swarm.service.name"] = "web";
    expect_act();
    label(brake, "false");
    facts_.inspected->labels[brake] = "true";
    expect(Verdict::refuse, reason);
  }
}

// What is no brake can be changed on the service while it runs.
TEST_F(ServiceGuardsTest, WhatIsGrantedByItsOwnLabelGoesBeforeThatOfItsContainers) {
  facts_.last_attempt_ended_at = kNow - seconds(40);
  expect_act();
  label_containers("selfheal.cooldown", "1m");
  expect(Verdict::wait, Reason::cooldown);
  label("selfheal.cooldown", "10s");
  expect_act();
}

TEST_F(ServiceGuardsTest, ProtectedByItsName) {
  settings_.protected_names = {"we?"};
  expect(Verdict::refuse, Reason::protected_container);
}

TEST_F(ServiceGuardsTest, ThereHasToBeOne) {
  facts_.service.reset();
  expect(Verdict::wait, Reason::docker_unreachable);
  facts_.service_failure = DockerFailure{DockerFailureKind::timeout, "no answer"};
  expect(Verdict::wait, Reason::docker_unreachable);
  EXPECT_EQ(detail_, "no answer");
  facts_.service_failure = DockerFailure{DockerFailureKind::not_found, ""};
  expect(Verdict::refuse, Reason::no_such_service);
  EXPECT_THAT(detail_, HasSubstr("\"web\""));
  facts_.service_failure = DockerFailure{DockerFailureKind::unavailable, "no manager"};
  expect(Verdict::refuse, Reason::no_manager);
  EXPECT_EQ(detail_, "no manager");
}

TEST_F(ServiceGuardsTest, NotWhileAnUpdateIsUnderWay) {
  facts_.service->update_state = ServiceUpdateState::updating;
  facts_.service->update_message = "update in progress";
  expect(Verdict::wait, Reason::container_in_transition);
  EXPECT_THAT(detail_, HasSubstr("update in progress"));
  facts_.service->update_state = ServiceUpdateState::rolling_back;
  expect(Verdict::wait, Reason::container_in_transition);
  for (const auto over : {ServiceUpdateState::completed, ServiceUpdateState::paused,
                          ServiceUpdateState::rolled_back, ServiceUpdateState::none}) {
    facts_.service->update_state = over;
    expect_act();
  }
}

TEST_F(ServiceGuardsTest, NotWhatWasUpdatedMomentsAgo) {
  facts_.service->updated_at = kNow - seconds(9);
  expect(Verdict::wait, Reason::just_created);
  facts_.service->updated_at = kNow - seconds(10);
  expect_act();
  label_containers("selfheal.start-period", "1m");
  expect(Verdict::wait, Reason::start_grace);
}

TEST_F(ServiceGuardsTest, WhatIsScaledToNothingStaysSo) {
  facts_.tasks.clear();
  expect(Verdict::wait, Reason::container_not_running);
}

TEST_F(ServiceGuardsTest, AnUpdateThatTakesAllTasksDownAtOnceIsForAPerson) {
  for (const uint64_t parallelism : {0U, 3U, 4U}) {
    facts_.service->update_parallelism = parallelism;
    expect(Verdict::refuse, Reason::all_at_once);
    EXPECT_THAT(detail_, HasSubstr("parallelism " + std::to_string(parallelism)));
  }
  facts_.service->update_parallelism = 2;
  expect_act();  // its owner's choice
  facts_.service->update_parallelism = 0;
  facts_.service->starts_new_first = true;
  expect_act();
  facts_.service->starts_new_first = false;
  facts_.tasks.resize(1);
  expect_act();  // there is but one
}

TEST_F(ServiceGuardsTest, AServiceIsNotRestarted) {
  facts_.asked_action = "restart";
  expect(Verdict::refuse, Reason::unknown_action);
}

TEST_F(ServiceGuardsTest, OneAtATimeWithTheContainersOfItsGroup) {
  facts_.around.under_way = {under_way("web", "web.1.a")};
  expect(Verdict::wait, Reason::group_busy);
}

// ---- by an alert that names a container, or by a label on it

TEST_F(ServiceGuardsTest, AContainersServiceIsUpdatedWhereThatIsAskedFor) {
  const ServiceDetails service = *facts_.service;
  facts_ = good_facts();
  facts_.inspected->labels["selfheal.action"] = "service-update";
  facts_.service_name = "web";
  facts_.service = service;
  facts_.service_labels = labels_of_service(service);
  facts_.tasks.resize(3);
  facts_.inspected->created_at = kNow;  // by Swarm, which has just replaced it
  expect_act();
  facts_.service_labels["selfheal.action"] = "none";
  expect(Verdict::refuse, Reason::action_none);
}

// Restarted, it would run on beside the one that Swarm puts in its place.
TEST_F(ServiceGuardsTest, ATaskIsNeitherRestartedNorStarted) {
  const Facts of_service = facts_;
  facts_ = good_facts();
  facts_.inspected->labels["com.docker.swarm.service.name"] = "web";
  for (const char* asked : {"restart", "kill"}) {
    facts_.asked_action = asked;
    EXPECT_EQ(step_due(facts_, settings_.escalation)->action, Action::service_update);
  }
  facts_.service_name = "web";
  facts_.service = of_service.service;
  facts_.service_labels = of_service.service_labels;
  facts_.tasks = of_service.tasks;
  expect_act();
  facts_.service.reset();
  facts_.service_name.clear();
  facts_.asked_action = "start";
  facts_.inspected->state = ContainerState::exited;
  expect(Verdict::refuse, Reason::left_to_swarm);
  EXPECT_THAT(detail_, HasSubstr("service web"));
}

// What is said of its service holds for what is done to a task, which is another thing than what is
// acted on.
class TaskGuardsTest : public ServiceGuardsTest {
 protected:
  TaskGuardsTest() {
    const Facts of_service = facts_;
    facts_ = good_facts();
    facts_.inspected->labels["com.docker.swarm.service.name"] = "web";
    facts_.inspected->labels["selfheal.action"] = "exec:/reload";
    facts_.service_name = "web";
    facts_.service = of_service.service;
    facts_.service_labels = of_service.service_labels;
    facts_.tasks = of_service.tasks;
  }
  void expect_exec() {
    const Decision decision = decide(facts_, settings_);
    EXPECT_EQ(decision.verdict, Verdict::act) << decision.detail;
    EXPECT_EQ(decision.step.action, Action::exec);
  }
};

TEST_F(TaskGuardsTest, BrakesOfItsServiceHold) {
  expect_exec();
  label("selfheal.dry-run", "true");
  expect(Verdict::refuse, Reason::dry_run);
  label("selfheal.dry-run", "");
  label("selfheal.action", "none");
  expect(Verdict::refuse, Reason::action_none);
}

TEST_F(TaskGuardsTest, ItsOwnStateIsWhatACommandHasToFit) {
  facts_.service->update_parallelism = 0;
  expect_exec();
  facts_.inspected->started_at = kNow - seconds(9);
  expect(Verdict::wait, Reason::start_grace);
  facts_.inspected->created_at = kNow - seconds(9);
  expect(Verdict::wait, Reason::just_created);
  facts_.inspected->state = ContainerState::paused;
  expect(Verdict::wait, Reason::container_paused);
}

TEST_F(TaskGuardsTest, OnAnEngineThatIsNoManagerOnlyItsOwnLabelsCanBeRead) {
  facts_.service.reset();
  facts_.service_labels.clear();
  for (const auto kind :
       {DockerFailureKind::unavailable, DockerFailureKind::refused, DockerFailureKind::not_found}) {
    facts_.service_failure = DockerFailure{kind, "none here"};
    expect_exec();
  }
  for (const auto kind : {DockerFailureKind::timeout, DockerFailureKind::failed}) {
    facts_.service_failure = DockerFailure{kind, "no answer"};
    expect(Verdict::wait, Reason::docker_unreachable);
  }
  facts_.inspected->labels["selfheal.action"] = "restart";
  facts_.service_failure = DockerFailure{DockerFailureKind::unavailable, "none here"};
  expect(Verdict::refuse, Reason::no_manager);
}

TEST_F(ServiceGuardsTest, AContainerOfNoServiceHasNoneToUpdate) {
  facts_ = good_facts();
  facts_.asked_action = "service-update";
  expect(Verdict::refuse, Reason::no_such_service);
  EXPECT_THAT(detail_, HasSubstr("no task"));
  facts_.inspected->labels["selfheal.action"] = "restart";
  EXPECT_EQ(decide(facts_, settings_).verdict, Verdict::act);
}

}  // namespace
}  // namespace selfheal
