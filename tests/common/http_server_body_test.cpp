// Bodies of requests: bounded in size and time, and whatever is refused ends its connection.
#include <atomic>
#include <future>
#include <thread>

#include <gtest/gtest.h>

#include "common/http/http_server.h"
#include "tests/support/http_peer.h"
#include "tests/support/manual_clock.h"

namespace selfheal {
namespace {

constexpr size_t kLimit = 1000;

std::string name_of(BodyFault fault) {
  switch (fault) {
    case BodyFault::too_large:
      return "too_large";
    case BodyFault::too_slow:
      return "too_slow";
    case BodyFault::length_required:
      return "length_required";
    case BodyFault::closed:
      return "closed";
  }
  return "";
}

class HttpServerBodyTest : public testing::Test {
 protected:
  void start(Milliseconds request_timeout = Milliseconds(20'000)) {
    start(request_timeout, clock_);
  }
  void start(Milliseconds request_timeout, const Clock& clock) {
    server_ = std::make_unique<HttpServer>(
        HttpServerOptions{.listen_addresses = {"127.0.0.1:0"}, .request_timeout = request_timeout},
        clock);
    server_->route("POST", "/", [this](ServerRequest& request) { return read(request); });
    server_->route("POST", "/unread", [](ServerRequest&) {
      ServerResponse response;
      response.status = 401;
      return response;
    });
    ASSERT_TRUE(server_->start().ok());
  }
  ServerResponse read(ServerRequest& request) {
    const auto body = request.read_body(kLimit, timeout_);
    ServerResponse response;
    response.status = body ? 200 : 400;
    response.body = body ? std::to_string(body->size()) : name_of(body.error());
    outcome_.set_value(response.body);
    return response;
  }
  std::string outcome() { return outcome_.get_future().get(); }
  static std::string head(const std::string& headers) {
    return "POST / HTTP/1.1\r\nHost: t\r\n" + headers + "\r\n";
  }

  ManualClock clock_;
  SystemClock running_clock_;
  Milliseconds timeout_{2000};
  std::promise<std::string> outcome_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerBodyTest, ExactlyTheLimitIsRead) {
  start();
  EXPECT_EQ(request(server_->port(), "POST", "/", std::string(kLimit, 'x'))->body, "1000");
}

TEST_F(HttpServerBodyTest, AnEmptyBodyIsRead) {
  start();
  EXPECT_EQ(request(server_->port(), "POST", "/", "")->body, "0");
}

TEST_F(HttpServerBodyTest, ALengthOverTheLimitIsRefusedUnread) {
  start();
  HttpPeer peer(server_->port());
  peer.send(head("Content-Length: 4000000000\r\n"));
  const auto response = peer.read();
  ASSERT_TRUE(response) << "answered before the body has come";
  EXPECT_EQ(response->body, "too_large");
  EXPECT_EQ(response->header("Connection"), "close");
  EXPECT_TRUE(peer.ends()) << "nobody drains four gigabytes";
}

TEST_F(HttpServerBodyTest, AChunkedBodyIsRead) {
  start();
  HttpPeer peer(server_->port());
  peer.send(head("Transfer-Encoding: chunked\r\n") + "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");
  const auto response = peer.read();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "11");
}

TEST_F(HttpServerBodyTest, AChunkedBodyHasTheSameLimit) {
  start();
  HttpPeer peer(server_->port());
  peer.send(head("Transfer-Encoding: chunked\r\n"));
  const std::string chunk = "200\r\n" + std::string(0x200, 'x') + "\r\n";
  for (int i = 0; i < 3; ++i) peer.send(chunk);
  const auto response = peer.read();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "too_large");
  EXPECT_EQ(response->header("Connection"), "close");
}

TEST_F(HttpServerBodyTest, WithoutALengthThereIsNoBodyToRead) {
  start();
  HttpPeer peer(server_->port());
  peer.send(head(""));
  const auto response = peer.read();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "length_required");
}

TEST_F(HttpServerBodyTest, AnUnreadBodyEndsTheConnection) {
  start();
  HttpPeer peer(server_->port());
  peer.send("POST /unread HTTP/1.1\r\nHost: t\r\nContent-Length: 10\r\n\r\n");
  const auto response = peer.read();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status(), 401);
  EXPECT_EQ(response->header("Connection"), "close");
  EXPECT_TRUE(peer.ends());
}

TEST_F(HttpServerBodyTest, ABodyThatStopsComingIsCut) {
  start(Milliseconds(100));
  HttpPeer peer(server_->port());
  peer.send(head("Content-Length: 100\r\n") + "half");
  const auto response = peer.read();
  ASSERT_TRUE(response);
  EXPECT_TRUE(response->body == "closed" || response->body == "too_slow") << response->body;
}

// A peer that sends a byte now and then would keep the worker for as long as it likes: no single
// read is too slow, and the whole body never comes.
TEST_F(HttpServerBodyTest, ATrickleIsCutAtTheDeadline) {
  timeout_ = Milliseconds(150);
  start(Milliseconds(60'000), running_clock_);
  HttpPeer peer(server_->port());
  peer.send(head("Content-Length: 1000\r\n"));
  std::atomic<bool> answered{false};
  std::thread trickle([&] {
    while (!answered && peer.send("x")) std::this_thread::sleep_for(Milliseconds(5));
  });
  const auto response = peer.read();
  answered = true;
  trickle.join();
  ASSERT_TRUE(response) << "it is told why";
  EXPECT_EQ(response->body, "too_slow");
}

TEST_F(HttpServerBodyTest, APeerThatLeavesIsNoticed) {
  start();
  {
    HttpPeer peer(server_->port());
    peer.send(head("Content-Length: 100\r\n") + "half");
  }
  EXPECT_EQ(outcome(), "closed");
}

}  // namespace
}  // namespace selfheal
