// Services by DockerClient, against an engine that answers as managers do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/docker/docker_client.h"
#include "tests/support/fake_engine.h"

namespace selfheal {
namespace {

using Json = nlohmann::json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using Then = FakeEngine::Then;
using Reply = FakeEngine::Reply;

constexpr const char* kOutOfSequence =
    R"({"message":"rpc error: code = Unknown desc = update out of sequence"})";

class DockerServicesTest : public testing::Test {
 protected:
  DockerServicesTest() {
    engine_.answer_by("GET /services/web",
                      [this](const HttpText&) { return Reply{http_response(200, shown())}; });
    engine_.answer_by("POST /services/s1/update",
                      [this](const HttpText& request) { return take(request); });
  }

  std::string shown() {
    ++reads_;
    if (before_read_) before_read_();
    return service_.dump();
  }
  // Takes an update of the present version only, as a manager does.
  Reply take(const HttpText& request) {
    const std::string version = std::to_string(service_["Version"]["Index"].get<uint64_t>());
    if (!request.target().ends_with("?version=" + version))
      return {http_response(500, kOutOfSequence)};
    service_["Spec"] = Json::parse(request.body);
    service_["Version"]["Index"] = service_["Version"]["Index"].get<uint64_t>() + 1;
    ++updates_;
    if (loses_answers_) return {"", Then::close};
    return {http_response(200, R"({"Warnings":null})")};
  }
  void somebody_changes(const std::string& key) {
    service_["Version"]["Index"] = service_["Version"]["Index"].get<uint64_t>() + 1;
    service_[key]["Changed"] = reads_;
  }
  uint64_t force_update() {
    return service_["Spec"]["TaskTemplate"]["ForceUpdate"].get<uint64_t>();
  }

  Json service_ = Json::parse(R"({"ID":"s1","Version":{"Index":15},"Spec":{"Name":"web",
      "Labels":{},"TaskTemplate":{"ContainerSpec":{"Image":"web:1"},"ForceUpdate":0}}})");
  std::function<void()> before_read_;
  bool loses_answers_ = false;
  int reads_ = 0;
  int updates_ = 0;
  FakeEngine engine_{"1.12", "1.41"};
  SystemClock clock_;
  DockerClient docker_{engine_.address(), clock_};
};

TEST_F(DockerServicesTest, AreReadInTheEnginesNewestVersion) {
  const auto service = docker_.inspect_service("web");
  ASSERT_TRUE(service) << service.error().message;
  EXPECT_EQ(service->id, "s1");
  EXPECT_THAT(engine_.requests(), ElementsAre("GET /services/web"));
}

TEST_F(DockerServicesTest, TasksAreThoseThatAreToRun) {
  engine_.answer("GET /tasks", {http_response(200, R"([{"ID":"t1"}])")});
  const auto tasks = docker_.tasks("s1");
  ASSERT_TRUE(tasks) << tasks.error().message;
  EXPECT_EQ(tasks->at(0).id, "t1");
  EXPECT_EQ(engine_.count("%22service%22%3A%7B%22s1%22%3Atrue%7D"), 1);
}

TEST_F(DockerServicesTest, AForcedUpdateSendsTheWholeSpecificationBack) {
  service_["Spec"]["InventedLater"] = {{"Kept", true}};
  const Json before = service_["Spec"];
  const auto done = docker_.force_update("web", 1);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_THAT(engine_.requests(), Contains("POST /services/s1/update?version=15"));
  Json expected = before;
  expected["TaskTemplate"]["ForceUpdate"] = 1;
  EXPECT_EQ(service_["Spec"], expected);
}

TEST_F(DockerServicesTest, WhatIsForcedAlreadyIsNotForcedAgain) {
  service_["Spec"]["TaskTemplate"]["ForceUpdate"] = 4;
  EXPECT_TRUE(docker_.force_update("web", 4));
  EXPECT_TRUE(docker_.force_update("web", 3));
  EXPECT_EQ(updates_, 0);
}

TEST_F(DockerServicesTest, AVersionThatMovedByItselfIsTriedAgain) {
  // The progress of an earlier update is written into the service between the read and the write.
  engine_.answer_by("POST /services/s1/update", [this](const HttpText& request) {
    if (reads_ == 1) somebody_changes("UpdateStatus");
    return take(request);
  });
  const auto done = docker_.force_update("web", 1);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(updates_, 1);
  EXPECT_EQ(force_update(), 1U);
}

TEST_F(DockerServicesTest, ADeploymentOfSomebodyElsesIsNotForcedOn) {
  engine_.answer_by("POST /services/s1/update", [this](const HttpText& request) {
    somebody_changes("Spec");
    return take(request);
  });
  const auto done = docker_.force_update("web", 1);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, DockerFailureKind::conflict);
  EXPECT_THAT(done.error().message, HasSubstr("somebody else"));
  EXPECT_EQ(updates_, 0);
}

TEST_F(DockerServicesTest, ThatItAlwaysMovesIsGivenUp) {
  engine_.answer_by("POST /services/s1/update", [this](const HttpText& request) {
    somebody_changes("UpdateStatus");
    return take(request);
  });
  const auto done = docker_.force_update("web", 1);
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message, HasSubstr("out of sequence"));
  EXPECT_EQ(engine_.count("/update"), 4);
}

TEST_F(DockerServicesTest, AnotherFaultIsNotTriedAgain) {
  engine_.answer("POST /services/s1/update", {http_response(500, R"({"message":"no leader"})")});
  const auto done = docker_.force_update("web", 1);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, DockerFailureKind::failed);
  EXPECT_THAT(done.error().message, HasSubstr("no leader"));
  EXPECT_EQ(engine_.count("/update"), 1);
}

// The manager did it, and its answer was lost.
TEST_F(DockerServicesTest, AnAnswerThatIsLostIsLookedAfter) {
  loses_answers_ = true;
  const auto done = docker_.force_update("web", 1);
  EXPECT_TRUE(done) << done.error().message;
  EXPECT_EQ(updates_, 1);
}

TEST_F(DockerServicesTest, WhereTheEngineIsNoManagerTheErrorSaysWhatToDo) {
  engine_.answer("GET /services/web",
                 {http_response(503, R"({"message":"This node is not a swarm manager."})")});
  const auto service = docker_.inspect_service("web");
  ASSERT_FALSE(service);
  EXPECT_EQ(service.error().kind, DockerFailureKind::unavailable);
  EXPECT_THAT(service.error().message, HasSubstr("This node is not a swarm manager"));
  EXPECT_THAT(service.error().message, HasSubstr("a manager of their Swarm"));
  const auto done = docker_.force_update("web", 1);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, DockerFailureKind::unavailable);
}

TEST_F(DockerServicesTest, AnUnknownServiceIsNotFound) {
  engine_.answer("GET /services/nope",
                 {http_response(404, R"({"message":"service nope not found"})")});
  const auto service = docker_.inspect_service("nope");
  ASSERT_FALSE(service);
  EXPECT_EQ(service.error().kind, DockerFailureKind::not_found);
}

}  // namespace
}  // namespace selfheal
