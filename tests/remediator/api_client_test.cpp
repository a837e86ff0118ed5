#include "remediator/command/api_client.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/stub_server.h"

namespace selfheal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kAsUser = "Basic bWU6c2VjcmV0";  // me:secret

// A remediator that takes `wanted` for what is read, and the token for the rest.
class ApiClientTest : public testing::Test {
 protected:
  ApiClientTest() : server_([this](StubConnection& connection) { serve(connection); }) {}

  void serve(StubConnection& connection) {
    while (const auto request = connection.read_request()) {
      const std::string authorization = request->header("Authorization");
      const bool read = request->first_line.starts_with("GET ");
      seen_.push_back(authorization);
      const bool fine = authorization == (read ? wanted_ : "Bearer t0ken");
      connection.send(http_response(fine ? 200 : 401, R"({"error": "no"})"));
    }
  }
  std::string url_as_user() const {
    return "http://me:secret@127.0.0.1:" + std::to_string(server_.port());
  }

  SystemClock clock_;
  std::string wanted_ = kAsUser;
  std::vector<std::string> seen_;  // by the one connection that each test has at a time
  StubServer server_;
};

TEST_F(ApiClientTest, ReadsAsTheUserOfItsAddressAndChangesByTheToken) {
  ApiClient api(url_as_user(), "t0ken", clock_);
  EXPECT_TRUE(api.get("/api/v1/incidents").ok());
  EXPECT_TRUE(api.post("/api/v1/pause", {}).ok());
  EXPECT_THAT(seen_, ElementsAre(kAsUser, "Bearer t0ken"));
}

TEST_F(ApiClientTest, ReadsByTheTokenWhereThatIsWanted) {
  wanted_ = "Bearer t0ken";
  EXPECT_TRUE(ApiClient(url_as_user(), "t0ken", clock_).get("/api/v1/incidents").ok());
  EXPECT_THAT(seen_, ElementsAre(kAsUser, "Bearer t0ken"));
}

TEST_F(ApiClientTest, ReadsByTheTokenWithoutAUser) {
  wanted_ = "Bearer t0ken";
  EXPECT_TRUE(ApiClient(server_.url(""), "t0ken", clock_).get("/api/v1/incidents").ok());
  EXPECT_THAT(seen_, ElementsAre("Bearer t0ken"));
}

TEST_F(ApiClientTest, TellsWhatToDoWhenNeitherIsTaken) {
  wanted_ = "Bearer another";
  const auto answer = ApiClient(url_as_user(), "t0ken", clock_).get("/api/v1/incidents");
  ASSERT_FALSE(answer.ok());
  EXPECT_THAT(answer.error().message, HasSubstr("http://me:***@127.0.0.1"));
  EXPECT_THAT(answer.error().message, HasSubstr("answered 401: no (the token by"));
}

}  // namespace
}  // namespace selfheal
