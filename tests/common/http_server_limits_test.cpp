// Peers that hold a worker for as long as they can, and those beside them that want an answer.
#include <chrono>
#include <future>
#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "common/http/http_server.h"
#include "tests/support/http_peer.h"

namespace selfheal {
namespace {

using std::chrono::steady_clock;

constexpr int kBadClients = 48;
constexpr int kWaiting = 32;
constexpr size_t kLargeBytes = 4'000'000;  // more than a socket takes for a peer without buffer

// Sends to all of its peers a byte each now and then, until it goes.
class Drip {
 public:
  Drip(std::vector<std::unique_ptr<HttpPeer>>& peers, std::string text)
      : thread_([this, &peers, bytes = std::move(text)] {
          for (size_t i = 0; !over_; ++i) {
            for (auto& peer : peers) peer->send(std::string(1, bytes[i % bytes.size()]));
            std::this_thread::sleep_for(Milliseconds(20));
          }
        }) {}
  ~Drip() {
    over_ = true;
    thread_.join();
  }

 private:
  std::atomic<bool> over_{false};
  std::thread thread_;
};

class HttpServerLimitsTest : public testing::Test {
 protected:
  void start(HttpServerOptions options = {}) {
    options.listen_addresses = {"127.0.0.1:0"};
    server_ = std::make_unique<HttpServer>(std::move(options), clock_);
    const auto say = [](std::string body) {
      return [body](ServerRequest&) {
        ServerResponse response;
        response.body = body;
        return response;
      };
    };
    server_->route("GET", "/metrics", say("up 1"));
    server_->route("GET", "/large", say(std::string(kLargeBytes, 'x')));
    server_->route("GET", "/waits", [this](ServerRequest&) {
      ++waiting_;
      released_.wait();
      return ServerResponse{};
    });
    server_->route("POST", "/body", [](ServerRequest& request) {
      ServerResponse response;
      response.body = request.read_body(1000, Milliseconds(10'000)) ? "read" : "not read";
      return response;
    });
    ASSERT_TRUE(server_->start().ok());
  }
  void connect(int count, const std::string& first = "") {
    for (int i = 0; i < count; ++i) {
      peers_.push_back(std::make_unique<HttpPeer>(connect_tcp_without_buffer(server_->port())));
      if (!first.empty()) peers_.back()->send(first);
    }
  }
  void expect_an_answer_within(Milliseconds limit) {
    const auto begin = steady_clock::now();
    const auto response = request(server_->port(), "GET", "/metrics");
    ASSERT_TRUE(response);
    EXPECT_EQ(response->body, "up 1");
    EXPECT_LT(steady_clock::now() - begin, limit);
  }

  SystemClock clock_;
  std::promise<void> release_;
  std::shared_future<void> released_ = release_.get_future().share();
  std::atomic<int> waiting_{0};
  std::unique_ptr<HttpServer> server_;
  std::vector<std::unique_ptr<HttpPeer>> peers_;
};

TEST_F(HttpServerLimitsTest, IdleClientsDoNotStarveOthers) {
  start();
  connect(kBadClients);
  expect_an_answer_within(Milliseconds(1000));
}

TEST_F(HttpServerLimitsTest, MoreIdleClientsThanThereAreWorkersNeither) {
  start();
  connect(256);
  expect_an_answer_within(Milliseconds(3000));
}

TEST_F(HttpServerLimitsTest, DribblingHeadersDoNotStarveOthers) {
  start();
  connect(kBadClients, "GET / HTTP/1.1\r\nX-Long: ");
  const Drip drip(peers_, "a");
  expect_an_answer_within(Milliseconds(1000));
}

TEST_F(HttpServerLimitsTest, DribblingBodiesDoNotStarveOthers) {
  start();
  connect(kBadClients, "POST /body HTTP/1.1\r\nContent-Length: 1000\r\n\r\n");
  const Drip drip(peers_, "a");
  expect_an_answer_within(Milliseconds(1000));
}

TEST_F(HttpServerLimitsTest, ThoseWhoDoNotReadTheirReplyDoNotStarveOthers) {
  start();
  connect(kBadClients, "GET /large HTTP/1.1\r\n\r\n");
  expect_an_answer_within(Milliseconds(1000));
}

TEST_F(HttpServerLimitsTest, NeitherDoWaitingHandlersAndIdleClientsTogether) {
  start({.listen_addresses = {}, .waiting_handlers = kWaiting});
  connect(kWaiting, "GET /waits HTTP/1.1\r\n\r\n");
  while (waiting_ < kWaiting) std::this_thread::yield();
  connect(kBadClients);
  expect_an_answer_within(Milliseconds(1000));
  release_.set_value();
}

// As Alertmanager has them in a storm: each takes its turn, and nobody waits until one is cut.
TEST_F(HttpServerLimitsTest, WhenWorkersAreScarceAnAnswerEndsItsConnection) {
  start();
  HttpPeer early(server_->port());
  early.send("GET /metrics HTTP/1.1\r\n\r\n");
  const auto kept = early.read();
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->header("Connection"), "");
  const int busy = kWebWorkers - kSpareWebWorkers;
  connect(busy, "GET /waits HTTP/1.1\r\n\r\n");
  while (waiting_ < busy) std::this_thread::yield();
  HttpPeer late(server_->port());
  late.send("GET /metrics HTTP/1.1\r\n\r\n");
  const auto answer = late.read();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->header("Connection"), "close");
  EXPECT_TRUE(late.ends());
  release_.set_value();
}

TEST_F(HttpServerLimitsTest, ManyAtOnceAreAllAnsweredAndNotOneIsCut) {
  start();
  for (int round = 0; round < 3; ++round) {
    connect(256, "GET /metrics HTTP/1.1\r\n\r\n");
    const auto begin = steady_clock::now();
    for (auto& peer : peers_) ASSERT_TRUE(peer->read());
    EXPECT_LT(steady_clock::now() - begin, Milliseconds(1000));
    peers_.clear();
  }
}

// However many bytes come: the request has to be there in time, and the connection ends.
TEST_F(HttpServerLimitsTest, HeadersHaveATimeInAll) {
  start({.listen_addresses = {}, .request_timeout = Milliseconds(200)});
  connect(1, "GET / HTTP/1.1\r\nX-Long: ");
  const auto begin = steady_clock::now();
  {
    const Drip drip(peers_, "a");
    peers_.front()->ends();
  }
  EXPECT_LT(steady_clock::now() - begin, Milliseconds(2000));
}

TEST_F(HttpServerLimitsTest, ARequestAfterAnotherHasItsOwnTime) {
  start({.listen_addresses = {}, .request_timeout = Milliseconds(400)});
  HttpPeer peer(server_->port());
  for (int i = 0; i < 4; ++i) {
    std::this_thread::sleep_for(Milliseconds(150));
    ASSERT_TRUE(peer.send("GET /metrics HTTP/1.1\r\n\r\n"));
    ASSERT_TRUE(peer.read()) << i;
  }
}

TEST_F(HttpServerLimitsTest, AReplyHasATimeInAll) {
  start({.listen_addresses = {}, .reply_timeout = Milliseconds(200)});
  connect(1, "GET /large HTTP/1.1\r\n\r\n");
  std::this_thread::sleep_for(Milliseconds(500));  // nobody reads meanwhile
  const auto response = peers_.front()->read();
  EXPECT_FALSE(response) << "it was cut, so it can't be whole";
}

TEST_F(HttpServerLimitsTest, ALargeReplyArrivesWhole) {
  start();
  const auto response = request(server_->port(), "GET", "/large");
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body.size(), kLargeBytes);
}

TEST_F(HttpServerLimitsTest, StopsAtOnceWhateverThePeersDo) {
  start();
  connect(10);
  connect(10, "GET / HTTP/1.1\r\nX-Long: ");
  connect(10, "POST /body HTTP/1.1\r\nContent-Length: 1000\r\n\r\n");
  connect(10, "GET /large HTTP/1.1\r\n\r\n");
  const Drip drip(peers_, "a");
  expect_an_answer_within(Milliseconds(1000));  // all have been accepted
  const auto begin = steady_clock::now();
  server_->drain_and_stop(Milliseconds(100));
  EXPECT_LT(steady_clock::now() - begin, Milliseconds(2000));
}

}  // namespace
}  // namespace selfheal
