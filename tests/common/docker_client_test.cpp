#include "common/docker/docker_client.h"

#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/docker/docker_answer.h"
#include "tests/support/fake_engine.h"
#include "tests/support/stub_server.h"

namespace selfheal {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using Then = FakeEngine::Then;

constexpr const char* kWeb = R"({"Id":"aa","Name":"/web","State":{"Status":"running"}})";

class DockerClientTest : public testing::Test {
 protected:
  DockerClientTest() { engine_.answer("GET /containers/web/json", {http_response(200, kWeb)}); }

  // Bookworm's engine.
  FakeEngine engine_{"1.12", "1.41"};
  SystemClock clock_;
  std::vector<std::string> observed_;
  DockerClient docker_{engine_.address(), clock_,
                       [this](std::string_view call, auto) { observed_.emplace_back(call); }};
};

TEST_F(DockerClientTest, NegotiatesOnceAndSpeaksTheOldersVersion) {
  ASSERT_TRUE(docker_.inspect("web").ok());
  const auto web = docker_.inspect("web");
  ASSERT_TRUE(web.ok());
  EXPECT_EQ(web->name, "web");
  EXPECT_THAT(engine_.requests(), ElementsAre("GET /_ping", "GET /v1.41/containers/web/json",
                                              "GET /v1.41/containers/web/json"));
  EXPECT_THAT(observed_, ElementsAre("inspect", "inspect"));
}

TEST_F(DockerClientTest, NeverSpeaksNewerThanItWasWrittenFor) {
  engine_.set_versions("1.44", "1.52");
  ASSERT_TRUE(docker_.inspect("web").ok());
  EXPECT_THAT(engine_.requests(), Contains("GET /v1.44/containers/web/json"));
}

TEST_F(DockerClientTest, AnEngineThatBecameOlderIsNegotiatedWithAgain) {
  engine_.set_versions("1.24", "1.43");
  ASSERT_TRUE(docker_.inspect("web").ok());
  engine_.set_versions("1.12", "1.41");
  ASSERT_TRUE(docker_.inspect("web").ok()) << "too new is answered by another version";
  EXPECT_EQ(engine_.count("/_ping"), 2);
  EXPECT_EQ(engine_.count("/v1.41/"), 1);
}

TEST_F(DockerClientTest, AnEngineThatBecameNewerIsNegotiatedWithAgain) {
  ASSERT_TRUE(docker_.inspect("web").ok());
  engine_.set_versions("1.44", "1.52");
  ASSERT_TRUE(docker_.inspect("web").ok());
  EXPECT_EQ(engine_.count("/v1.44/"), 1);
}

TEST_F(DockerClientTest, WithoutACommonVersionItGivesUp) {
  engine_.set_versions("1.60", "1.70");
  const auto web = docker_.inspect("web");
  ASSERT_FALSE(web.ok());
  EXPECT_EQ(web.error().kind, DockerFailureKind::refused);
  EXPECT_THAT(web.error().message, HasSubstr("too old"));
  EXPECT_EQ(engine_.count("/containers/"), 2) << "one more try, and no loop";
}

TEST_F(DockerClientTest, StatusCodesAreKinds) {
  const std::pair<int, DockerFailureKind> cases[] = {
      {400, DockerFailureKind::refused},     {401, DockerFailureKind::refused},
      {403, DockerFailureKind::refused},     {404, DockerFailureKind::not_found},
      {409, DockerFailureKind::conflict},    {500, DockerFailureKind::failed},
      {503, DockerFailureKind::unavailable},
  };
  for (const auto& [status, kind] : cases) {
    engine_.answer("POST /containers/web/start",
                   {http_response(status, R"({"message":"because"})")});
    const auto started = docker_.start("web");
    ASSERT_FALSE(started.ok()) << status;
    EXPECT_EQ(started.error().kind, kind) << status;
    EXPECT_THAT(started.error().message, HasSubstr("start with " + std::to_string(status)));
    EXPECT_THAT(started.error().message, HasSubstr("because"));
  }
}

TEST_F(DockerClientTest, StartingWhatRunsIsDone) {
  engine_.answer("POST /containers/web/start", {http_response(304, "")});
  EXPECT_TRUE(docker_.start("web").ok());
  engine_.answer("POST /containers/web/start", {http_response(204, "")});
  EXPECT_TRUE(docker_.start("web").ok());
}

TEST_F(DockerClientTest, RestartSaysHowLongToWait) {
  engine_.answer("POST /containers/web/restart", {http_response(204, "")});
  EXPECT_TRUE(docker_.restart("web", std::chrono::seconds(7)).ok());
  EXPECT_THAT(engine_.requests(), Contains("POST /v1.41/containers/web/restart?t=7"));
}

TEST_F(DockerClientTest, NamesAreEscapedInPaths) {
  EXPECT_FALSE(docker_.inspect("../info?x=").ok());
  EXPECT_THAT(engine_.requests(), Contains("GET /v1.41/containers/..%2Finfo%3Fx%3D/json"));
}

// Whether the engine did it is not known: sent again it could be a second restart.
TEST_F(DockerClientTest, ARestartWhoseConnectionBreaksIsNotSentAgain) {
  for (const std::string cut_short :
       {"", "HTTP/1.1 204 No", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"}) {
    const int before = engine_.count("/restart");
    engine_.answer("POST /containers/web/restart", {cut_short, Then::close});
    ASSERT_TRUE(docker_.inspect("web").ok());  // leaves a connection that could be used again
    const auto restarted = docker_.restart("web", std::chrono::seconds(1));
    ASSERT_FALSE(restarted.ok());
    EXPECT_EQ(restarted.error().kind, DockerFailureKind::closed) << restarted.error().message;
    EXPECT_EQ(engine_.count("/restart"), before + 1);
  }
}

// A proxy before it has not waited for it.
TEST_F(DockerClientTest, ARestartThatAProxyGaveUpMayHaveBeenDone) {
  for (const int status : {502, 504}) {
    engine_.answer("POST /containers/web/restart", {http_response(status, "<html>")});
    const auto restarted = docker_.restart("web", std::chrono::seconds(1));
    ASSERT_FALSE(restarted.ok());
    EXPECT_EQ(restarted.error().kind, DockerFailureKind::closed) << restarted.error().message;
    EXPECT_FALSE(is_definite_no(restarted.error().kind));
  }
}

TEST_F(DockerClientTest, ActionsNeverUseAKeptConnection) {
  engine_.answer("POST /containers/web/restart", {http_response(204, "")});
  ASSERT_TRUE(docker_.inspect("web").ok());
  ASSERT_EQ(engine_.connections(), 1);
  ASSERT_TRUE(docker_.restart("web", std::chrono::seconds(1)).ok());
  EXPECT_EQ(engine_.connections(), 2);
}

TEST_F(DockerClientTest, AReadSurvivesAKeptConnectionThatDied) {
  engine_.answer("GET /containers/web/json", {http_response(200, kWeb), Then::close});
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(docker_.inspect("web").ok());
}

TEST_F(DockerClientTest, AnAnswerThatCantBeReadIsMalformed) {
  engine_.answer("GET /containers/web/json", {http_response(200, "<html>")});
  engine_.answer("GET /containers/json", {http_response(200, R"({"message":"not a list"})")});
  engine_.answer("GET /info", {http_response(200, "{}")});
  EXPECT_EQ(docker_.inspect("web").error().kind, DockerFailureKind::malformed);
  EXPECT_EQ(docker_.list().error().kind, DockerFailureKind::malformed);
  EXPECT_TRUE(docker_.info().ok());
}

TEST_F(DockerClientTest, TellsWhereTheEngineAnswered) {
  engine_.answer("GET /info", {http_response(200, "{}")});
  EXPECT_EQ(docker_.info()->address, "") << "by a socket";
  const StubServer elsewhere([](StubConnection& connection) {
    while (connection.read_request()) connection.send(http_response(200, "{}"));
  });
  DockerClient by_tcp({"http://localhost:" + std::to_string(elsewhere.port()), ""}, clock_);
  EXPECT_EQ(by_tcp.info()->address, "127.0.0.1");
}

TEST_F(DockerClientTest, ListsStoppedOnesAsWell) {
  engine_.answer("GET /containers/json",
                 {http_response(200, R"([{"Id":"aa","Names":["/web"],"State":"exited"}])")});
  const auto list = docker_.list();
  ASSERT_TRUE(list.ok()) << list.error().message;
  EXPECT_EQ(list->at(0).name, "web");
  EXPECT_THAT(engine_.requests(), Contains("GET /v1.41/containers/json?all=1"));
}

TEST_F(DockerClientTest, InspectsWithoutWaiting) {
  std::promise<std::string> name;
  docker_.inspect_async("web", Milliseconds(5000), [&](DockerResult<ContainerDetails> answer) {
    name.set_value(answer ? answer->name : answer.error().message);
  });
  EXPECT_EQ(name.get_future().get(), "web");
  std::promise<DockerFailureKind> kind;
  docker_.inspect_async("none", Milliseconds(5000), [&](DockerResult<ContainerDetails> answer) {
    kind.set_value(answer ? DockerFailureKind::aborted : answer.error().kind);
  });
  EXPECT_EQ(kind.get_future().get(), DockerFailureKind::not_found);
}

TEST(DockerClientWithoutEngine, SaysWhatToLookAt) {
  const SystemClock clock;
  const TempFolder folder;
  DockerClient missing({"http://localhost", folder.path("none.sock")}, clock);
  const auto info = missing.info();
  ASSERT_FALSE(info.ok());
  EXPECT_EQ(info.error().kind, DockerFailureKind::unreachable);
  EXPECT_THAT(info.error().message, HasSubstr(folder.path("none.sock")));
  EXPECT_THAT(info.error().message, HasSubstr("--docker.host"));
  DockerClient refused({"http://127.0.0.1:" + std::to_string(closed_port()), ""}, clock);
  EXPECT_EQ(refused.restart("web", std::chrono::seconds(1)).error().kind,
            DockerFailureKind::unreachable);
}

TEST_F(DockerClientTest, AfterShutDownEverythingIsAborted) {
  docker_.shut_down();
  EXPECT_EQ(docker_.inspect("web").error().kind, DockerFailureKind::aborted);
  EXPECT_EQ(docker_.restart("web", std::chrono::seconds(1)).error().kind,
            DockerFailureKind::aborted);
  EXPECT_EQ(engine_.connections(), 0);
}

}  // namespace
}  // namespace selfheal
