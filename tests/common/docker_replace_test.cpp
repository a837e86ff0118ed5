// The calls that stop a container and put another one in its place, against a fake engine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/docker/docker_client.h"
#include "tests/support/fake_engine.h"

namespace selfheal {
namespace {

using testing::Contains;
using testing::HasSubstr;
using Then = FakeEngine::Then;

class DockerReplace : public testing::Test {
 protected:
  FakeEngine engine_{"1.12", "1.41"};
  SystemClock clock_;
  DockerClient docker_{engine_.address(), clock_};
};

TEST_F(DockerReplace, StopSaysHowLongToWait) {
  engine_.answer("POST /containers/web/stop", {http_response(204, "")});
  EXPECT_TRUE(docker_.stop("web", std::chrono::seconds(7)));
  EXPECT_THAT(engine_.requests(), Contains("POST /v1.41/containers/web/stop?t=7"));
}

TEST_F(DockerReplace, StoppingWhatDoesNotRunIsDone) {
  engine_.answer("POST /containers/web/stop", {http_response(304, "")});
  EXPECT_TRUE(docker_.stop("web", std::chrono::seconds(7)));
}

TEST_F(DockerReplace, InspectsAsText) {
  engine_.answer("GET /containers/web/json", {http_response(200, R"({"Id":"aa"})")});
  const auto text = docker_.inspect_raw("web");
  ASSERT_TRUE(text) << text.error().message;
  EXPECT_EQ(*text, R"({"Id":"aa"})");
}

TEST_F(DockerReplace, AnImagesSlashesStayInThePath) {
  engine_.answer("GET /images/box%3A5000/team/web%3A1/json",
                 {http_response(200, R"({"Id":"sha256:aa"})")});
  const auto id = docker_.image_id("box:5000/team/web:1");
  ASSERT_TRUE(id) << id.error().message;
  EXPECT_EQ(*id, "sha256:aa");
  EXPECT_EQ(docker_.image_id("gone").error().kind, DockerFailureKind::not_found);
}

TEST_F(DockerReplace, ANetworkIsThereOrNot) {
  engine_.answer("GET /networks/shop%20back", {http_response(200, R"({"Name":"x","Id":"cc"})")});
  const auto id = docker_.network_id("shop back");
  ASSERT_TRUE(id) << id.error().message;
  EXPECT_EQ(*id, "cc");
  EXPECT_EQ(docker_.network_id("gone").error().kind, DockerFailureKind::not_found);
}

TEST_F(DockerReplace, CreatesByNameAndTellsTheId) {
  engine_.answer("POST /containers/create", {http_response(201, R"({"Id":"bb","Warnings":[]})")});
  const auto id = docker_.create("web", R"({"Image":"shop"})");
  ASSERT_TRUE(id) << id.error().message;
  EXPECT_EQ(*id, "bb");
  EXPECT_EQ(engine_.last().target(), "/v1.41/containers/create?name=web");
  EXPECT_EQ(engine_.last().body, R"({"Image":"shop"})");
  EXPECT_EQ(engine_.last().header("Content-Type"), "application/json");
}

TEST_F(DockerReplace, ANameThatIsTakenIsAConflict) {
  engine_.answer("POST /containers/create", {http_response(409, R"({"message":"in use"})")});
  engine_.answer("POST /containers/web/rename", {http_response(409, R"({"message":"in use"})")});
  EXPECT_EQ(docker_.create("web", "{}").error().kind, DockerFailureKind::conflict);
  EXPECT_EQ(docker_.rename("web", "shop").error().kind, DockerFailureKind::conflict);
}

TEST_F(DockerReplace, RenamesToWhatIsAsked) {
  engine_.answer("POST /containers/aa/rename", {http_response(204, "")});
  EXPECT_TRUE(docker_.rename("aa", "a&b"));
  EXPECT_EQ(engine_.last().target(), "/v1.41/containers/aa/rename?name=a%26b");
}

TEST_F(DockerReplace, ConnectsWithTheSettingsOfItsEndpoint) {
  engine_.answer("POST /networks/back/connect", {http_response(200, "")});
  EXPECT_TRUE(docker_.connect_network("back", "aa", R"({"Aliases":["db"]})"));
  EXPECT_EQ(engine_.last().body, R"({"Container":"aa","EndpointConfig":{"Aliases":["db"]}})");
}

TEST_F(DockerReplace, SetsTheRestartPolicy) {
  engine_.answer("POST /containers/aa/update", {http_response(200, R"({"Warnings":null})")});
  EXPECT_TRUE(docker_.set_restart_policy("aa", R"({"Name":"no"})"));
  EXPECT_EQ(engine_.last().body, R"({"RestartPolicy":{"Name":"no"}})");
}

TEST_F(DockerReplace, RemovesWithoutVolumesAndWithoutForce) {
  engine_.answer("DELETE /containers/aa", {http_response(204, "")});
  EXPECT_TRUE(docker_.remove("aa"));
  EXPECT_EQ(engine_.last().target(), "/v1.41/containers/aa?v=0&force=0");
}

// Whether the engine did it is not known: whoever asked looks at what is there now.
TEST_F(DockerReplace, NothingIsSentTwice) {
  engine_.answer("GET /containers/aa/json", {http_response(200, "{}")});
  for (const char* call : {"POST /containers/create", "POST /containers/aa/rename",
                           "POST /containers/aa/stop", "DELETE /containers/aa"})
    engine_.answer(call, {"", Then::close});
  ASSERT_TRUE(docker_.inspect_raw("aa"));  // leaves a connection that could be used again
  EXPECT_EQ(docker_.create("web", "{}").error().kind, DockerFailureKind::closed);
  EXPECT_EQ(docker_.rename("aa", "b").error().kind, DockerFailureKind::closed);
  EXPECT_EQ(docker_.stop("aa", std::chrono::seconds(1)).error().kind, DockerFailureKind::closed);
  EXPECT_EQ(docker_.remove("aa").error().kind, DockerFailureKind::closed);
  EXPECT_EQ(engine_.count("create"), 1);
  EXPECT_EQ(engine_.count("rename"), 1);
  EXPECT_EQ(engine_.count("stop"), 1);
  EXPECT_EQ(engine_.count("DELETE"), 1);
}

}  // namespace
}  // namespace selfheal
