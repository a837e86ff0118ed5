// What the guards make of a container that is a task of a service: by an alert that names it, or by
// a label on it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/remediator/service_guards_fixture.h"

namespace selfheal {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

class ContainersServiceGuardsTest : public ServiceGuardsFixture {};

TEST_F(ContainersServiceGuardsTest, AContainersServiceIsUpdatedWhereThatIsAskedFor) {
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
TEST_F(ContainersServiceGuardsTest, ATaskIsNeitherRestartedNorStarted) {
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

TEST_F(ContainersServiceGuardsTest, AContainerOfNoServiceHasNoneToUpdate) {
  facts_ = good_facts();
  facts_.asked_action = "service-update";
  expect(Verdict::refuse, Reason::no_such_service);
  EXPECT_THAT(detail_, HasSubstr("no task"));
  facts_.inspected->labels["selfheal.action"] = "restart";
  EXPECT_EQ(decide(facts_, settings_).verdict, Verdict::act);
}

// What is said of its service holds for what is done to a task, which is another thing than what is
// acted on.
class TaskGuardsTest : public ServiceGuardsFixture {
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

}  // namespace
}  // namespace selfheal
