#include "common/docker/docker_service_messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/base/time_text.h"

namespace selfheal {
namespace {

using Json = nlohmann::json;
using testing::ElementsAre;
using testing::Pair;
using testing::SizeIs;

// As an engine 20.10 gave it.
constexpr const char* kService = R"({
  "ID": "r3660b09rgeeegv95w0ngwhvj", "Version": {"Index": 79},
  "CreatedAt": "2026-01-31T12:00:00.49Z", "UpdatedAt": "2026-01-31T12:01:34.64Z",
  "Spec": {
    "Name": "web", "Labels": {"selfheal.enable": "true"},
    "TaskTemplate": {
      "ContainerSpec": {"Image": "web:1", "Labels": {"selfheal.interval": "1s"},
                        "StopGracePeriod": 2000000000},
      "ForceUpdate": 2, "Runtime": "container"},
    "Mode": {"Replicated": {"Replicas": 3}},
    "UpdateConfig": {"Parallelism": 2, "Delay": 1000000000, "Monitor": 5000000000, "Order": "start-first"},
    "EndpointSpec": {"Mode": "vip"}},
  "UpdateStatus": {"State": "completed", "StartedAt": "2026-01-31T12:01:18.37Z",
                   "CompletedAt": "2026-01-31T12:01:34.64Z", "Message": "update completed"}})";

TEST(Service, IsReadAsAManagerTellsOfIt) {
  const auto service = parse_service(kService);
  ASSERT_TRUE(service) << service.error().message;
  EXPECT_EQ(service->id, "r3660b09rgeeegv95w0ngwhvj");
  EXPECT_EQ(service->name, "web");
  EXPECT_EQ(service->version, 79U);
  EXPECT_EQ(service->force_update, 2U);
  EXPECT_EQ(service->replicas, 3U);
  EXPECT_THAT(service->labels, ElementsAre(Pair("selfheal.enable", "true")));
  EXPECT_THAT(service->container_labels, ElementsAre(Pair("selfheal.interval", "1s")));
  EXPECT_EQ(service->update_parallelism, 2U);
  EXPECT_TRUE(service->starts_new_first);
  EXPECT_EQ(service->update_pause, std::chrono::seconds(6));
  EXPECT_EQ(service->update_state, ServiceUpdateState::completed);
  EXPECT_EQ(service->update_started_at, parse_rfc3339("2026-01-31T12:01:18.37Z"));
  EXPECT_EQ(service->update_message, "update completed");
}

TEST(Service, WithoutAWordOfUpdatesTheyAreSwarmsDefault) {
  const auto service = parse_service(R"({"ID":"a","Spec":{"Name":"web","Mode":{"Global":{}}}})");
  ASSERT_TRUE(service) << service.error().message;
  EXPECT_EQ(service->update_parallelism, 1U);
  EXPECT_FALSE(service->starts_new_first);
  EXPECT_EQ(service->update_state, ServiceUpdateState::none);
  EXPECT_EQ(service->force_update, 0U);
  EXPECT_FALSE(service->replicas) << "a global service has a task on each node";
}

TEST(Service, EachStateOfAnUpdateIsKnown) {
  const std::pair<const char*, ServiceUpdateState> cases[] = {
      {"updating", ServiceUpdateState::updating},
      {"paused", ServiceUpdateState::paused},
      {"rollback_started", ServiceUpdateState::rolling_back},
      {"rollback_paused", ServiceUpdateState::rollback_paused},
      {"rollback_completed", ServiceUpdateState::rolled_back},
  };
  for (const auto& [text, state] : cases) {
    const auto service =
        parse_service(std::string(R"({"UpdateStatus":{"State":")") + text + "\"}}");
    ASSERT_TRUE(service) << text;
    EXPECT_EQ(service->update_state, state) << text;
    EXPECT_EQ(to_string(state), text);
  }
}

TEST(Service, WrongTypesAreErrors) {
  for (const char* wrong : {R"({"Spec":[]})", R"({"Version":{"Index":"1"}})", "[]", "null", "{",
                            R"({"Spec":{"TaskTemplate":{"ForceUpdate":"x"}}})"})
    EXPECT_FALSE(parse_service(wrong)) << wrong;
}

// What is left out of an update is reset: also what no version of this program has heard of.
TEST(Specification, GoesBackWholeButForItsForceUpdate) {
  Json service = Json::parse(kService);
  service["Spec"]["TaskTemplate"]["ContainerSpec"]["InventedLater"] = {
      {"Big", 18446744073709551615U}, {"Negative", -7}, {"Fraction", 0.25}, {"Nothing", nullptr}};
  const auto specification = specification_of(service.dump());
  ASSERT_TRUE(specification) << specification.error().message;
  Json expected = service["Spec"];
  EXPECT_EQ(Json::parse(*specification), expected);
  expected["TaskTemplate"]["ForceUpdate"] = 3;
  EXPECT_EQ(Json::parse(forced_specification(*specification, 3)), expected);
}

TEST(Specification, WithoutATaskTemplateThereIsNothingToForce) {
  EXPECT_FALSE(specification_of(R"({"ID":"a"})"));
  EXPECT_FALSE(specification_of(R"({"Spec":{"Name":"web"}})"));
  EXPECT_FALSE(specification_of(R"({"Spec":{"TaskTemplate":7}})"));
}

TEST(Tasks, EachWithItsStateItsContainerAndItsNumber) {
  const auto tasks = parse_tasks(R"([
    {"ID": "m853", "NodeID": "n1", "Slot": 1, "Spec": {"ForceUpdate": 2}, "DesiredState": "running",
     "Status": {"Timestamp": "2026-01-31T12:00:50Z", "State": "running",
                "ContainerStatus": {"ContainerID": "a295", "PID": 132}}},
    {"ID": "q3kd", "NodeID": "n2", "Spec": {}, "Status": {"Timestamp": "2026-01-31T12:00:51Z",
     "State": "preparing", "Err": "no suitable node"}}])");
  ASSERT_TRUE(tasks) << tasks.error().message;
  ASSERT_THAT(*tasks, SizeIs(2));
  EXPECT_EQ(tasks->at(0).id, "m853");
  EXPECT_EQ(tasks->at(0).node_id, "n1");
  EXPECT_EQ(tasks->at(0).container_id, "a295");
  EXPECT_EQ(tasks->at(0).force_update, 2U);
  EXPECT_TRUE(tasks->at(0).running);
  EXPECT_EQ(tasks->at(0).since, parse_rfc3339("2026-01-31T12:00:50Z"));
  EXPECT_FALSE(tasks->at(1).running);
  EXPECT_EQ(tasks->at(1).state, "preparing");
  EXPECT_EQ(tasks->at(1).error, "no suitable node");
  ServiceDetails service;
  service.name = "web";
  EXPECT_EQ(container_name(service, tasks->at(0)), "web.1.m853");
  EXPECT_EQ(container_name(service, tasks->at(1)), "web.n2.q3kd") << "of a global service";
  EXPECT_FALSE(parse_tasks("{}"));
  EXPECT_FALSE(parse_tasks("[7]"));
}

TEST(Tasks, AreAskedForByService) {
  EXPECT_EQ(Json::parse(tasks_filter("we\"b")),
            (Json{{"service", {{"we\"b", true}}}, {"desired-state", {{"running", true}}}}));
}

}  // namespace
}  // namespace selfheal
