// What goes on in a container, asked through DockerClient of a fake engine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/docker/docker_client.h"
#include "tests/support/fake_engine.h"

namespace selfheal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Then = FakeEngine::Then;

constexpr Milliseconds kPatience{5'000};
constexpr Milliseconds kImpatience{50};
constexpr const char* kStalled = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{";

class DockerEvidence : public testing::Test {
 protected:
  FakeEngine engine_{"1.12", "1.41"};
  SystemClock clock_;
  std::vector<std::string> observed_;
  DockerClient docker_{engine_.address(), clock_,
                       [this](std::string_view call, auto) { observed_.emplace_back(call); }};
};

TEST_F(DockerEvidence, LogsAreBothStreamsWithTheirTimes) {
  engine_.answer("GET /containers/web/logs",
                 {http_response(200, std::string("\x01\0\0\0\0\0\0\x03"
                                                 "t a\x02\0\0\0\0\0\0\x03"
                                                 "t b",
                                                 22))});
  LogTail tail;
  tail.lines = 7;
  const auto log = docker_.logs("web", tail, kPatience);
  ASSERT_TRUE(log.ok()) << log.error().message;
  EXPECT_EQ(log->text, "t at b");
  EXPECT_THAT(engine_.requests(),
              ElementsAre("GET /containers/web/logs?stdout=1&stderr=1&timestamps=1&tail=7"))
      << "in one request: there is no time for more";
  EXPECT_THAT(observed_, ElementsAre("logs"));
}

TEST_F(DockerEvidence, LongLogsKeepTheirEnd) {
  engine_.answer("GET /containers/web/logs",
                 {http_response(200, std::string(1'000'000, '2') + "the end")});
  LogTail tail;
  tail.max_bytes = 7;
  tail.from_terminal = true;
  const auto log = docker_.logs("web", tail, kPatience);
  ASSERT_TRUE(log.ok()) << log.error().message;
  EXPECT_EQ(log->text, "the end");
  EXPECT_TRUE(log->cut);
}

TEST_F(DockerEvidence, TopAndStatsAreRead) {
  engine_.answer("GET /containers/web/top",
                 {http_response(200, R"({"Titles":["PID"],"Processes":[["1"]]})")});
  engine_.answer("GET /containers/web/stats",
                 {http_response(200, R"({"pids_stats":{"current":3}})")});
  const auto top = docker_.top("web", kPatience);
  ASSERT_TRUE(top.ok()) << top.error().message;
  EXPECT_THAT(top->processes, ElementsAre(ElementsAre("1")));
  const auto stats = docker_.stats("web", kPatience);
  ASSERT_TRUE(stats.ok()) << stats.error().message;
  EXPECT_EQ(stats->tasks, 3u);
  EXPECT_EQ(engine_.count("/stats?stream=false&one-shot=true"), 1) << "without a second sample";
}

TEST_F(DockerEvidence, WhereThereIsNoPsPodmanIsAskedForColumns) {
  engine_.answer("GET /containers/web/top", {http_response(200, "\n")});
  EXPECT_EQ(docker_.top("web", kPatience).error().kind, DockerFailureKind::malformed);
  EXPECT_THAT(engine_.requests(),
              ElementsAre("GET /containers/web/top",
                          "GET /containers/web/top?ps_args=user,pid,ppid,etime,time,args"));
}

TEST_F(DockerEvidence, WhatDockerRefusesIsSaid) {
  for (const char* what : {"logs", "top", "stats"})
    engine_.answer(std::string("GET /containers/web/") + what,
                   {http_response(409, R"({"message":"Container web is not running"})")});
  const auto log = docker_.logs("web", {}, kPatience);
  ASSERT_FALSE(log.ok());
  EXPECT_EQ(log.error().kind, DockerFailureKind::conflict);
  EXPECT_THAT(log.error().message, HasSubstr("logs with 409: Container web is not running"));
  EXPECT_THAT(docker_.top("web", kPatience).error().message, HasSubstr("is not running"));
  EXPECT_THAT(docker_.stats("web", kPatience).error().message, HasSubstr("is not running"));
}

TEST_F(DockerEvidence, AnEngineThatStallsRunsIntoTheTimeout) {
  for (const char* what : {"logs", "top", "stats"})
    engine_.answer(std::string("GET /containers/web/") + what, {kStalled});
  EXPECT_EQ(docker_.logs("web", {}, kImpatience).error().kind, DockerFailureKind::timeout);
  EXPECT_EQ(docker_.top("web", kImpatience).error().kind, DockerFailureKind::timeout);
  EXPECT_EQ(docker_.stats("web", kImpatience).error().kind, DockerFailureKind::timeout);
}

}  // namespace
}  // namespace selfheal
