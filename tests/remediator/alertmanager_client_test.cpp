#include "remediator/outcome/alertmanager_client.h"

#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/stub_server.h"

namespace selfheal {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using Kind = PostFault::Kind;

constexpr const char* kAlerts = R"([{"labels":{"alertname":"SelfhealOutcome"}}])";

class AlertmanagerClientTest : public testing::Test {
 protected:
  Outcome<PostFault> post(const std::string& url, Milliseconds timeout = Milliseconds(9000)) {
    AlertmanagerClient client(url, timeout, clock_);
    return client.post(kAlerts);
  }
  // Of a post that an Alertmanager answers like that.
  PostFault fault_of(StubServer::Script script, Milliseconds timeout = Milliseconds(9000)) {
    const StubServer server(std::move(script));
    const auto posted = post(server.url(""), timeout);
    if (posted) ADD_FAILURE() << "was taken";
    return posted ? PostFault{} : posted.error();
  }

  SystemClock clock_;
};

TEST_F(AlertmanagerClientTest, PostsBelowItsPrefix) {
  std::promise<HttpText> seen;
  const StubServer server([&](StubConnection& connection) {
    seen.set_value(*connection.read_request());
    connection.send(http_response(200, ""));
  });
  ASSERT_TRUE(post(server.url("/alertmanager")).ok());
  const HttpText request = seen.get_future().get();
  EXPECT_EQ(request.first_line, "POST /alertmanager/api/v2/alerts HTTP/1.1");
  EXPECT_EQ(request.header("Content-Type"), "application/json");
  EXPECT_EQ(request.body, kAlerts);
}

TEST_F(AlertmanagerClientTest, WhatItDislikesIsRefusedAndItIsThere) {
  const PostFault fault = fault_of(answer_always(http_response(400, "\"invalid label set\"")));
  EXPECT_EQ(fault.kind, Kind::refused);
  EXPECT_THAT(fault.message, AllOf(HasSubstr("Alertmanager at http://127.0.0.1:"),
                                   HasSubstr("answered 400: \"invalid label set\"")));
}

TEST_F(AlertmanagerClientTest, AnyOtherAnswerIsNone) {
  for (const int status : {301, 401, 404, 429, 500, 503}) {
    const PostFault fault =
        fault_of(answer_always(http_response(status, "no", "Location: http://127.0.0.1:1/\r\n")));
    EXPECT_EQ(fault.kind, Kind::away) << status;
    EXPECT_THAT(fault.message, HasSubstr("answered " + std::to_string(status)));
  }
}

TEST_F(AlertmanagerClientTest, ASilentOneHasADeadline) {
  const PostFault fault =
      fault_of([](StubConnection& c) { c.wait_until_closed(); }, Milliseconds(30));
  EXPECT_EQ(fault.kind, Kind::away);
  EXPECT_THAT(fault.message, HasSubstr("timed out"));
}

TEST_F(AlertmanagerClientTest, OneThatIsNotThere) {
  const std::string url = "http://user:secret@127.0.0.1:" + std::to_string(closed_port());
  const auto posted = post(url);
  ASSERT_FALSE(posted.ok());
  EXPECT_EQ(posted.error().kind, Kind::away);
  EXPECT_THAT(posted.error().message, HasSubstr("Alertmanager at http://user:***@127.0.0.1:"));
  EXPECT_THAT(posted.error().message, Not(HasSubstr("secret")));
}

TEST_F(AlertmanagerClientTest, ShutDownEndsAPostUnderWay) {
  std::promise<void> asked;
  const StubServer silent([&](StubConnection& connection) {
    connection.read_request();
    asked.set_value();
    connection.wait_until_closed();
  });
  AlertmanagerClient client(silent.url(""), std::chrono::hours(1), clock_);
  std::thread stopper([&] {
    asked.get_future().wait();
    client.shut_down();
  });
  EXPECT_FALSE(client.post(kAlerts).ok());
  stopper.join();
  EXPECT_FALSE(client.post(kAlerts).ok()) << "and all later ones";
}

}  // namespace
}  // namespace selfheal
