#include "common/http/blocking_http_client.h"

#include <cerrno>
#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/support/stub_server.h"
#include "tests/support/temp_folder.h"

namespace selfheal {
namespace {

using testing::HasSubstr;

HttpRequest get(const std::string& url) {
  HttpRequest request;
  request.url = url;
  return request;
}

// Sends its first bytes and then nothing more.
void open_stream(StubConnection& connection) {
  connection.read_request();
  connection.send("HTTP/1.1 200 OK\r\n\r\nfirst");
  connection.wait_until_closed();
}

TEST(BlockingHttpClient, ManyThreadsAskAtOnce) {
  const SystemClock clock;
  BlockingHttpClient client(clock, "test-http");
  const StubServer server([](StubConnection& connection) {
    while (const auto request = connection.read_request())
      connection.send(http_response(200, request->target()));
  });
  std::vector<std::thread> threads;
  std::atomic<int> right{0};
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 25; ++i) {
        const std::string path = "/" + std::to_string(t) + "/" + std::to_string(i);
        const HttpResult result = client.fetch(get(server.url(path)));
        if (result && result->body == path) ++right;
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 100);
}

TEST(BlockingHttpClient, AsyncAnswersOnTheClientsThread) {
  const SystemClock clock;
  BlockingHttpClient client(clock, "test-http");
  const StubServer server(answer_always(http_response(200, "later")));
  std::promise<std::pair<std::string, std::thread::id>> answer;
  client.fetch_async(get(server.url()), [&](HttpResult result) {
    answer.set_value({result ? result->body : result.error().message, std::this_thread::get_id()});
  });
  const auto [body, thread] = answer.get_future().get();
  EXPECT_EQ(body, "later");
  EXPECT_NE(thread, std::this_thread::get_id());
}

TEST(BlockingHttpClient, ShutDownEndsAnOpenStream) {
  const SystemClock clock;
  BlockingHttpClient client(clock, "test-http");
  const StubServer server(open_stream);
  std::promise<void> streaming;
  std::atomic<bool> returned{false};
  std::thread reader([&] {
    HttpRequest request = get(server.url());
    request.timeout = Milliseconds(0);
    request.on_data = [&](std::string_view) {
      EXPECT_FALSE(returned) << "called after its request was answered";
      streaming.set_value();
      return true;
    };
    const HttpResult result = client.fetch(std::move(request));
    returned = true;
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().kind, HttpFailureKind::aborted);
  });
  streaming.get_future().wait();
  client.shut_down();
  reader.join();
}

TEST(BlockingHttpClient, AfterShutDownEverythingIsAbortedAtOnce) {
  const SystemClock clock;
  BlockingHttpClient client(clock, "test-http");
  const StubServer server(answer_always(http_response(200, "")));
  client.shut_down();
  client.shut_down();
  const HttpResult result = client.fetch(get(server.url()));
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().kind, HttpFailureKind::aborted);
  bool called = false;
  client.fetch_async(get(server.url()), [&](HttpResult answer) { called = !answer.ok(); });
  EXPECT_TRUE(called);
  EXPECT_EQ(server.connections(), 0);
}

TEST(BlockingHttpClient, DestructionAnswersWhatIsOpen) {
  const SystemClock clock;
  const StubServer server(open_stream);
  std::promise<HttpFailureKind> end;
  {
    BlockingHttpClient client(clock, "test-http");
    client.fetch_async(get(server.url()), [&](HttpResult result) {
      end.set_value(result ? HttpFailureKind::protocol : result.error().kind);
    });
  }
  EXPECT_EQ(end.get_future().get(), HttpFailureKind::aborted);
}

TEST(BlockingHttpClient, SpeaksOverAUnixSocket) {
  const SystemClock clock;
  const TempFolder folder;
  const StubServer server(answer_always(http_response(200, "local")), folder.path("s.sock"));
  BlockingHttpClient client(clock, "test-http");
  HttpRequest request = get("http://localhost/x");
  request.unix_socket = folder.path("s.sock");
  const HttpResult result = client.fetch(request);
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_EQ(result->body, "local");
}

TEST(BlockingHttpClient, AMissingUnixSocketIsUnreachable) {
  const SystemClock clock;
  const TempFolder folder;
  BlockingHttpClient client(clock, "test-http");
  HttpRequest request = get("http://localhost/x");
  request.unix_socket = folder.path("missing.sock");
  const HttpResult result = client.fetch(request);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().kind, HttpFailureKind::unreachable);
  EXPECT_EQ(result.error().os_error, ENOENT);
  EXPECT_THAT(result.error().message, HasSubstr(folder.path("missing.sock")));
  EXPECT_THAT(result.error().message, HasSubstr("No such file or directory"));
}

TEST(BlockingHttpClient, ASocketThatNobodyListensOnIsUnreachable) {
  const SystemClock clock;
  const TempFolder folder;
  listen_unix(folder.path("stale.sock")).reset();
  BlockingHttpClient client(clock, "test-http");
  HttpRequest request = get("http://localhost/x");
  request.unix_socket = folder.path("stale.sock");
  const HttpResult result = client.fetch(request);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().kind, HttpFailureKind::unreachable);
  EXPECT_EQ(result.error().os_error, ECONNREFUSED);
}

TEST(BlockingHttpClient, ADeniedUnixSocketIsUnreachable) {
  const SystemClock clock;
  const TempFolder folder;
  const StubServer server(answer_always(http_response(200, "")), folder.path("s.sock"));
  ASSERT_EQ(chmod(folder.path("s.sock").c_str(), 0), 0);
  std::optional<HttpResult> result;
  std::thread([&] {
    // Root may connect to anything. This gives root up for one thread and those it starts.
    constexpr unsigned kNobody = 65534;
    if (geteuid() == 0) {
      ASSERT_EQ(chmod(folder.path("").c_str(), 0755), 0);
      ASSERT_EQ(syscall(SYS_setresuid, -1, kNobody, -1), 0);
    }
    BlockingHttpClient client(clock, "test-http");
    HttpRequest request = get("http://localhost/x");
    request.unix_socket = folder.path("s.sock");
    result.emplace(client.fetch(request));
  }).join();
  ASSERT_TRUE(result && !result->ok());
  EXPECT_EQ(result->error().kind, HttpFailureKind::unreachable);
  EXPECT_EQ(result->error().os_error, EACCES);
  EXPECT_THAT(result->error().message, HasSubstr("Permission denied"));
}

}  // namespace
}  // namespace selfheal
