// A command in a container through DockerClient, against a fake engine.
#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/docker/docker_client.h"
#include "tests/support/fake_engine.h"

namespace selfheal {
namespace {

using testing::HasSubstr;
using Then = FakeEngine::Then;

class DockerExec : public testing::Test {
 protected:
  template <class T, class Call>
  DockerResult<T> wait_for(Call call) {
    std::promise<DockerResult<T>> answer;
    call([&](DockerResult<T> result) { answer.set_value(std::move(result)); });
    return answer.get_future().get();
  }
  DockerResult<Done> run(Milliseconds timeout = Milliseconds(5'000)) {
    return wait_for<Done>([&](auto callback) {
      docker_.run_exec_async(
          "e1", timeout, [this](std::string_view piece) { output_ += piece; }, callback);
    });
  }

  FakeEngine engine_{"1.12", "1.41"};
  SystemClock clock_;
  DockerClient docker_{engine_.address(), clock_};
  std::string output_;
};

TEST_F(DockerExec, IsPreparedByItsContainer) {
  engine_.answer("POST /containers/web/exec", {http_response(201, R"({"Id":"e1"})")});
  const auto id = wait_for<std::string>([&](auto callback) {
    docker_.create_exec_async("web", {"true"}, Milliseconds(5'000), callback);
  });
  ASSERT_TRUE(id) << id.error().message;
  EXPECT_EQ(*id, "e1");
}

TEST_F(DockerExec, APausedContainerIsAConflict) {
  engine_.answer("POST /containers/web/exec",
                 {http_response(409, R"({"message":"Container web is paused"})")});
  const auto id = wait_for<std::string>([&](auto callback) {
    docker_.create_exec_async("web", {"true"}, Milliseconds(5'000), callback);
  });
  ASSERT_FALSE(id);
  EXPECT_EQ(id.error().kind, DockerFailureKind::conflict);
  EXPECT_THAT(id.error().message, HasSubstr("is paused"));
}

TEST_F(DockerExec, OutputLastsUntilTheConnectionEnds) {
  engine_.answer("POST /exec/e1/start",
                 {"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n" +
                      std::string("\x01\0\0\0\0\0\0\x02hi", 10),
                  Then::close});
  const auto done = run();
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(output_, "hi");
}

TEST_F(DockerExec, WhatWillNotBeginSaysWhy) {
  engine_.answer("POST /exec/e1/start", {http_response(409, R"({"message":"is not running"})")});
  const auto done = run();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, DockerFailureKind::conflict);
  EXPECT_THAT(done.error().message, HasSubstr("is not running"));
}

TEST_F(DockerExec, WhatDoesNotEndRunsIntoTheTimeout) {
  engine_.answer("POST /exec/e1/start", {"HTTP/1.1 200 OK\r\n\r\n"});
  const auto done = run(Milliseconds(100));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, DockerFailureKind::timeout);
}

TEST_F(DockerExec, TellsWhatBecameOfIt) {
  engine_.answer("GET /exec/e1/json", {http_response(200, R"({"Running":false,"ExitCode":4})")});
  const auto state = wait_for<ExecState>(
      [&](auto callback) { docker_.inspect_exec_async("e1", Milliseconds(5'000), callback); });
  ASSERT_TRUE(state);
  EXPECT_EQ(state->exit_code, 4);
}

}  // namespace
}  // namespace selfheal
