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

class DockerExecWaitedFor : public DockerExec {
 protected:
  DockerExecWaitedFor() {
    engine_.answer("POST /containers/web/exec", {http_response(201, R"({"Id":"e1"})")});
    engine_.answer("GET /exec/e1/json", {http_response(200, R"({"Running":false,"ExitCode":3})")});
  }
  void writes(const std::string& text) {
    std::string frame("\x01\0\0\0", 4);
    for (int shift = 24; shift >= 0; shift -= 8)
      frame += static_cast<char>(text.size() >> shift & 0xff);
    engine_.answer("POST /exec/e1/start", {"HTTP/1.1 200 OK\r\n\r\n" + frame + text, Then::close});
  }
  DockerResult<CommandResult> exec(Milliseconds timeout = Milliseconds(5'000)) {
    return docker_.exec("web", {"reload"}, timeout);
  }
};

TEST_F(DockerExecWaitedFor, TellsItsEndAndItsOutput) {
  writes("reloaded");
  const auto result = exec();
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->exit_code, 3);
  EXPECT_EQ(result->output, "reloaded");
  EXPECT_FALSE(result->cut);
}

TEST_F(DockerExecWaitedFor, OfALongOutputKeepsTheEnd) {
  writes(std::string(200'000, 'x') + "why");
  const auto result = exec();
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->output.size(), 65'536U);
  EXPECT_TRUE(result->output.ends_with("xwhy"));
  EXPECT_TRUE(result->cut);
}

TEST_F(DockerExecWaitedFor, WhatDoesNotEndIsATimeout) {
  engine_.answer("POST /exec/e1/start", {"HTTP/1.1 200 OK\r\n\r\n"});
  const auto result = exec(Milliseconds(100));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, DockerFailureKind::timeout);
}

TEST_F(DockerExecWaitedFor, AnEndWithoutACodeIsNoSuccess) {
  writes("half");
  engine_.answer("GET /exec/e1/json", {http_response(200, R"({"Running":true,"ExitCode":null})")});
  const auto result = exec();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, DockerFailureKind::malformed);
}

TEST_F(DockerExecWaitedFor, AContainerThatIsGoneIsNotFound) {
  const auto result = docker_.exec("gone", {"true"}, Milliseconds(5'000));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, DockerFailureKind::not_found);
}

TEST_F(DockerExecWaitedFor, IsEndedByShutDown) {
  docker_.shut_down();
  const auto result = exec();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, DockerFailureKind::aborted);
}

}  // namespace
}  // namespace selfheal
