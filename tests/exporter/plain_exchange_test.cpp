#include "exporter/probes/http/plain_exchange.h"

#include <algorithm>
#include <future>
#include <limits>
#include <memory>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/stub_server.h"

namespace selfheal {
namespace {

using testing::HasSubstr;
using Next = HttpExchange::Next;

ExchangeRequest get(const std::string& url, Milliseconds timeout = Milliseconds(9000)) {
  ExchangeRequest request;
  request.url = url;
  request.timeout = timeout;
  return request;
}

// Hears of one exchange and stops the loop at its end.
struct Hearer final : HttpExchange::Listener {
  explicit Hearer(EventLoop& loop) : stopped(loop) {}
  Next on_head(const ResponseHead&) override {
    EXPECT_EQ(ends, 0);
    ++heads;
    return heads_wanted ? Next::go_on : Next::enough;
  }
  Next on_body(std::string_view piece) override {
    EXPECT_EQ(ends, 0);
    body += piece;
    largest_piece = std::max(largest_piece, piece.size());
    return body.size() <= limit ? Next::go_on : Next::enough;
  }
  void on_end(const std::optional<HttpFailure>& why) override {
    EXPECT_EQ(++ends, 1);
    failure = why;
    stopped.stop();
  }
  EventLoop& stopped;
  bool heads_wanted = true;
  size_t limit = std::numeric_limits<size_t>::max();
  int heads = 0;
  int ends = 0;
  std::string body;
  size_t largest_piece = 0;
  std::optional<HttpFailure> failure;
};

class PlainExchangeTest : public testing::Test {
 protected:
  PlainExchange& made(ExchangeRequest request) {
    EXPECT_TRUE(PlainExchange::suits(request));
    exchange_ = std::make_unique<PlainExchange>(loop_, hearer_, std::move(request));
    exchange_->start();
    EXPECT_EQ(hearer_.ends, 0) << "called from within start()";
    loop_.run();
    EXPECT_EQ(hearer_.ends, 1);
    return *exchange_;
  }
  PlainExchange& against(StubServer::Script script, Milliseconds timeout = Milliseconds(9000)) {
    const StubServer server(std::move(script));
    return made(get(server.url("/"), timeout));
  }

  SystemClock clock_;
  EventLoop loop_{clock_};
  Hearer hearer_{loop_};
  std::unique_ptr<PlainExchange> exchange_;
};

HttpFailureKind kind_against(StubServer::Script script) {
  const StubServer server(std::move(script));
  const SystemClock clock;
  EventLoop loop(clock);
  Hearer hearer(loop);
  PlainExchange exchange(loop, hearer, get(server.url("/")));
  exchange.start();
  loop.run();
  return hearer.failure ? hearer.failure->kind : HttpFailureKind::aborted;
}

TEST_F(PlainExchangeTest, WhatItIsFor) {
  const ExchangeRequest plain = get("http://127.0.0.1:80/");
  EXPECT_TRUE(PlainExchange::suits(plain));
  EXPECT_TRUE(PlainExchange::suits(get("http://[::1]/")));
  EXPECT_FALSE(PlainExchange::suits(get("https://127.0.0.1/")));
  EXPECT_FALSE(PlainExchange::suits(get("http://localhost/")));
  const auto suits_with = [&](const auto& change) {
    ExchangeRequest request = plain;
    change(request);
    return PlainExchange::suits(request);
  };
  EXPECT_TRUE(suits_with([](auto& request) { request.method = "HEAD"; }));
  EXPECT_FALSE(suits_with([](auto& request) { request.method = "POST"; }));
  EXPECT_FALSE(suits_with([](auto& request) { request.proxy = "http://127.0.0.1:3128"; }));
  EXPECT_FALSE(
      suits_with([](auto& request) { request.body = std::make_shared<std::string>("x"); }));
  EXPECT_FALSE(
      suits_with([](auto& request) { request.version = ExchangeRequest::Version::http2; }));
  EXPECT_TRUE(suits_with([](auto& request) {
    request.url = "http://localhost/";
    request.connect_to = "127.0.0.1:80";
  }));
}

TEST_F(PlainExchangeTest, AnAnswerWithItsTimes) {
  std::promise<std::string> seen;
  const PlainExchange& exchange = against([&](StubConnection& connection) {
    seen.set_value(connection.read_request()->first_line);
    connection.send(http_response(418, "short and stout", "X-Pot: tea\r\n"));
    connection.wait_until_closed();
  });
  EXPECT_FALSE(hearer_.failure);
  EXPECT_EQ(hearer_.heads, 1);
  EXPECT_EQ(hearer_.body, "short and stout");
  EXPECT_EQ(exchange.head().status, 418);
  EXPECT_EQ(exchange.head().first("x-pot"), "tea");
  EXPECT_EQ(exchange.http_version(), 1.1);
  EXPECT_EQ(exchange.content_length(), 15);
  EXPECT_EQ(seen.get_future().get(), "GET / HTTP/1.1");
  const ExchangeTimes times = exchange.times();
  EXPECT_GT(times.connected.count(), 0);
  EXPECT_LE(times.connected, times.first_byte);
  EXPECT_LE(times.first_byte, times.end);
}

TEST_F(PlainExchangeTest, TheRequestAsItIsSent) {
  std::promise<std::string> seen;
  const StubServer server([&](StubConnection& connection) {
    const auto request = connection.read_request();
    seen.set_value(request->first_line + "|" + request->header("host") + "|" +
                   request->header("x-a") + "|" + request->header("connection"));
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n");
    connection.wait_until_closed();
  });
  ExchangeRequest request = get("http://shop.example:8080/a/b?c=d");
  request.connect_to = server.url("").substr(7);
  request.method = "HEAD";
  request.headers = {{"X-A", "1"}, {"host", "other.example"}};
  EXPECT_EQ(made(std::move(request)).content_length(), 9);
  EXPECT_EQ(seen.get_future().get(), "HEAD /a/b?c=d HTTP/1.1|other.example|1|close");
}

TEST_F(PlainExchangeTest, NobodyListens) {
  const PlainExchange& exchange =
      made(get("http://127.0.0.1:" + std::to_string(closed_port()) + "/"));
  ASSERT_TRUE(hearer_.failure);
  EXPECT_EQ(hearer_.failure->kind, HttpFailureKind::refused);
  EXPECT_THAT(hearer_.failure->message, HasSubstr("can't connect to 127.0.0.1:"));
  EXPECT_FALSE(hearer_.failure->connected);
  EXPECT_EQ(exchange.times().connected.count(), 0);
  EXPECT_EQ(exchange.head().status, 0);
}

TEST_F(PlainExchangeTest, SilenceTimesOut) {
  const PlainExchange& exchange =
      against([](StubConnection& connection) { connection.wait_until_closed(); }, Milliseconds(50));
  ASSERT_TRUE(hearer_.failure);
  EXPECT_EQ(hearer_.failure->kind, HttpFailureKind::timeout);
  EXPECT_TRUE(hearer_.failure->connected);
  EXPECT_THAT(hearer_.failure->message, HasSubstr("no answer from 127.0.0.1:"));
  EXPECT_GE(exchange.times().end, Milliseconds(50));
}

TEST_F(PlainExchangeTest, AStallWithinTheBodyTimesOutWithItsStatus) {
  const PlainExchange& exchange = against(
      [](StubConnection& connection) {
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
        connection.wait_until_closed();
      },
      Milliseconds(50));
  ASSERT_TRUE(hearer_.failure);
  EXPECT_EQ(hearer_.failure->kind, HttpFailureKind::timeout);
  EXPECT_EQ(exchange.head().status, 200);
  EXPECT_EQ(hearer_.body, "half");
}

TEST_F(PlainExchangeTest, WhatPeersDoWrong) {
  EXPECT_EQ(kind_against([](StubConnection&) {}), HttpFailureKind::reset);
  EXPECT_EQ(kind_against([](StubConnection& connection) { connection.reset(); }),
            HttpFailureKind::reset);
  EXPECT_EQ(kind_against([](StubConnection& connection) {
              connection.read_request();
              connection.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
            }),
            HttpFailureKind::reset);
  EXPECT_EQ(kind_against([](StubConnection& connection) {
              connection.read_request();
              connection.send("220 mail.example ESMTP\r\n");
              connection.wait_until_closed();
            }),
            HttpFailureKind::protocol);
}

TEST_F(PlainExchangeTest, AnEndlessBodyEndsWhereItIsNotWanted) {
  hearer_.limit = 1 << 20;
  against([](StubConnection& connection) {
    connection.send("HTTP/1.1 200 OK\r\n\r\n");
    // Ends when the reset comes.
    while (send_all(connection.fd(), std::string(100'000, 'x'))) {
    }
  });
  EXPECT_FALSE(hearer_.failure);
  EXPECT_LT(hearer_.body.size(), hearer_.limit + (1 << 20));
}

TEST_F(PlainExchangeTest, TheBodyComesInPiecesAsSmallAsIsAskedFor) {
  const StubServer server([](StubConnection& connection) {
    connection.send(http_response(200, std::string(10'000, 'x')));
    connection.wait_until_closed();
  });
  ExchangeRequest request = get(server.url("/"));
  request.piece_bytes = 1024;
  made(std::move(request));
  EXPECT_FALSE(hearer_.failure);
  EXPECT_EQ(hearer_.body.size(), 10'000U);
  EXPECT_LE(hearer_.largest_piece, 1024U);
}

TEST_F(PlainExchangeTest, TheHeadMayBeEnough) {
  hearer_.heads_wanted = false;
  against([](StubConnection& connection) {
    connection.send(http_response(200, "not wanted"));
    connection.wait_until_closed();
  });
  EXPECT_FALSE(hearer_.failure);
  EXPECT_EQ(hearer_.body, "");
}

TEST_F(PlainExchangeTest, ADrippingAnswerIsPutTogether) {
  const std::string text = http_response(200, "drip");
  against([&](StubConnection& connection) {
    for (const char byte : text) connection.send({&byte, 1});
    connection.wait_until_closed();
  });
  EXPECT_FALSE(hearer_.failure);
  EXPECT_EQ(hearer_.body, "drip");
}

TEST_F(PlainExchangeTest, OneThatIsDestroyedIsNotHeardOfAgain) {
  std::promise<void> closed;
  const StubServer server([&](StubConnection& connection) {
    connection.wait_until_closed();
    closed.set_value();
  });
  auto silent = std::make_unique<PlainExchange>(loop_, hearer_, get(server.url("/")));
  auto refused = std::make_unique<PlainExchange>(
      loop_, hearer_, get("http://127.0.0.1:" + std::to_string(closed_port()) + "/"));
  silent->start();
  refused->start();
  refused.reset();
  loop_.after(Milliseconds(1), [&] {
    silent.reset();
    loop_.stop();
  });
  loop_.run();
  EXPECT_EQ(hearer_.ends, 0);
  EXPECT_EQ(closed.get_future().wait_for(std::chrono::seconds(9)), std::future_status::ready);
}

}  // namespace
}  // namespace selfheal
