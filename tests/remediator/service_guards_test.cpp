// What the guards make of a service that is to be updated.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/remediator/service_guards_fixture.h"

namespace selfheal {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

class ServiceGuardsTest : public ServiceGuardsFixture {};

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

}  // namespace
}  // namespace selfheal
