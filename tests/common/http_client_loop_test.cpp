// HttpClient on the test's own loop: what is sent, cancelled and answered in which order.
#include <map>

#include <gtest/gtest.h>

#include "common/http/http_client.h"
#include "tests/support/stub_server.h"

namespace selfheal {
namespace {

class HttpClientLoopTest : public testing::Test {
 protected:
  static HttpRequest get(const std::string& url) {
    HttpRequest request;
    request.url = url;
    return request;
  }
  void run() {
    loop_.after(std::chrono::seconds(20), [this] {
      ADD_FAILURE() << "nothing stopped the loop";
      loop_.stop();
    });
    loop_.run();
  }

  SystemClock clock_;
  EventLoop loop_{clock_};
  HttpClient client_{loop_};
};

TEST_F(HttpClientLoopTest, ManyAtOnceAreEachAnsweredOnce) {
  const StubServer server([](StubConnection& connection) {
    while (const auto request = connection.read_request())
      connection.send(http_response(200, request->target()));
  });
  constexpr int kRequests = 100;
  std::map<std::string, int> answers;
  int done = 0;
  for (int i = 0; i < kRequests; ++i) {
    const std::string path = "/" + std::to_string(i);
    client_.send(get(server.url(path)), [&, path](HttpResult result) {
      ASSERT_TRUE(result.ok()) << result.error().message;
      EXPECT_EQ(result->body, path);
      ++answers[path];
      if (++done == kRequests) loop_.stop();
    });
  }
  EXPECT_EQ(client_.in_flight(), static_cast<size_t>(kRequests));
  run();
  EXPECT_EQ(answers.size(), static_cast<size_t>(kRequests));
  EXPECT_EQ(client_.in_flight(), 0u);
}

TEST_F(HttpClientLoopTest, TheCallbackNeverComesFromWithinSend) {
  bool called = false;
  client_.send(get("not a url"), [&](HttpResult) {
    called = true;
    loop_.stop();
  });
  EXPECT_FALSE(called);
  run();
  EXPECT_TRUE(called);
}

TEST_F(HttpClientLoopTest, WhatIsCancelledIsNotAnswered) {
  const StubServer server(answer_always(http_response(200, "")));
  const auto cancelled = client_.send(get(server.url()), [](HttpResult) { FAIL(); });
  client_.send(get(server.url()), [&](HttpResult) { loop_.stop(); });
  client_.cancel(cancelled);
  client_.cancel(cancelled);
  client_.cancel(4711);
  EXPECT_EQ(client_.in_flight(), 1u);
  run();
}

TEST_F(HttpClientLoopTest, ACallbackMaySendAndCancel) {
  const StubServer server(answer_always(http_response(200, "")));
  const StubServer silent([](StubConnection& connection) { connection.wait_until_closed(); });
  const auto waiting = client_.send(get(silent.url()), [](HttpResult) { FAIL(); });
  client_.send(get(server.url()), [&](HttpResult) {
    client_.cancel(waiting);
    client_.send(get(server.url()), [&](HttpResult result) {
      EXPECT_TRUE(result.ok());
      loop_.stop();
    });
  });
  run();
  EXPECT_EQ(client_.in_flight(), 0u);
}

TEST_F(HttpClientLoopTest, CancelAllLeavesNothing) {
  const StubServer silent([](StubConnection& connection) { connection.wait_until_closed(); });
  for (int i = 0; i < 5; ++i) client_.send(get(silent.url()), [](HttpResult) { FAIL(); });
  loop_.after(std::chrono::milliseconds(5), [this] {
    client_.cancel_all();
    EXPECT_EQ(client_.in_flight(), 0u);
    loop_.stop();
  });
  run();
}

TEST_F(HttpClientLoopTest, AUsedHandleKeepsNothingOfItsPast) {
  std::vector<HttpText> seen;
  std::mutex mutex;
  const StubServer server([&](StubConnection& connection) {
    while (auto request = connection.read_request()) {
      const std::lock_guard lock(mutex);
      seen.push_back(*request);
      connection.send(http_response(200, "body"));
    }
  });
  HttpRequest first = get(server.url("/first"));
  first.method = "POST";
  first.body = "secret";
  first.headers = {{"Authorization", "Bearer secret"}};
  client_.send(std::move(first), [&](HttpResult) {
    client_.send(get(server.url("/second")), [&](HttpResult result) {
      ASSERT_TRUE(result.ok());
      EXPECT_EQ(result->body, "body");
      loop_.stop();
    });
  });
  run();
  const std::lock_guard lock(mutex);
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[1].first_line, "GET /second HTTP/1.1");
  EXPECT_EQ(seen[1].header("authorization"), "");
  EXPECT_EQ(seen[1].body, "");
}

TEST_F(HttpClientLoopTest, MayBeDestroyedWithRequestsUnderWay) {
  const StubServer silent([](StubConnection& connection) { connection.wait_until_closed(); });
  auto client = std::make_unique<HttpClient>(loop_);
  client->send(get(silent.url()), [](HttpResult) { FAIL(); });
  loop_.after(std::chrono::milliseconds(5), [&] {
    client.reset();
    loop_.stop();
  });
  run();
}

}  // namespace
}  // namespace selfheal
