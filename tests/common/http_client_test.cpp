#include "common/http/http_client.h"

#include <cerrno>
#include <cstdlib>
#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/http/blocking_http_client.h"
#include "tests/support/stub_server.h"

namespace selfheal {
namespace {

using testing::HasSubstr;

// One request at a time, over the client on a thread of its own.
class HttpClientTest : public testing::Test {
 protected:
  static HttpRequest get(const std::string& url) {
    HttpRequest request;
    request.url = url;
    return request;
  }
  HttpFailure failure_of(HttpRequest request) {
    const HttpResult result = client_.fetch(std::move(request));
    if (result) ADD_FAILURE() << "answered " << result->status;
    return result ? HttpFailure{HttpFailureKind::aborted, "", 0, false} : result.error();
  }
  HttpFailureKind kind_against(StubServer::Script script,
                               Milliseconds timeout = Milliseconds(9000)) {
    const StubServer server(std::move(script));
    HttpRequest request = get(server.url());
    request.timeout = timeout;
    return failure_of(std::move(request)).kind;
  }

  SystemClock clock_;
  BlockingHttpClient client_{clock_, "test-http"};
};

TEST_F(HttpClientTest, ReturnsStatusHeadersAndBody) {
  const StubServer server(answer_always(http_response(418, "short and stout", "X-Pot: tea\r\n")));
  const HttpResult result = client_.fetch(get(server.url("/pot?x=1")));
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_EQ(result->status, 418);
  EXPECT_EQ(result->body, "short and stout");
  EXPECT_EQ(result->header("x-pot"), "tea");
  EXPECT_EQ(result->header("absent"), "");
}

TEST_F(HttpClientTest, SendsMethodHeadersAndBody) {
  std::promise<HttpText> seen;
  const StubServer server([&](StubConnection& connection) {
    seen.set_value(*connection.read_request());
    connection.send(http_response(200, ""));
  });
  HttpRequest request = get(server.url("/in"));
  request.method = "POST";
  request.headers = {{"Authorization", "Bearer secret"}};
  request.body = std::string(5000, 'b');  // from 1 MB on libcurl would ask for "100 Continue"
  ASSERT_TRUE(client_.fetch(std::move(request)).ok());
  const HttpText got = seen.get_future().get();
  EXPECT_EQ(got.first_line, "POST /in HTTP/1.1");
  EXPECT_EQ(got.header("authorization"), "Bearer secret");
  EXPECT_EQ(got.header("expect"), "");
  EXPECT_EQ(got.body.size(), 5000u);
}

TEST_F(HttpClientTest, AnEmptyPostHasALength) {
  std::promise<HttpText> seen;
  const StubServer server([&](StubConnection& connection) {
    seen.set_value(*connection.read_request());
    connection.send(http_response(204, ""));
  });
  HttpRequest request = get(server.url());
  request.method = "POST";
  ASSERT_TRUE(client_.fetch(std::move(request)).ok());
  EXPECT_EQ(seen.get_future().get().header("content-length"), "0");
}

TEST_F(HttpClientTest, HeadHasNoBody) {
  const StubServer server([](StubConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
    connection.wait_until_closed();
  });
  HttpRequest request = get(server.url());
  request.method = "HEAD";
  const HttpResult result = client_.fetch(std::move(request));
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_EQ(result->body, "");
}

TEST_F(HttpClientTest, ARefusedConnection) {
  const HttpFailure failure =
      failure_of(get("http://127.0.0.1:" + std::to_string(closed_port()) + "/"));
  EXPECT_EQ(failure.kind, HttpFailureKind::refused);
  EXPECT_EQ(failure.os_error, ECONNREFUSED);
  EXPECT_FALSE(failure.connected);
  EXPECT_THAT(failure.message, HasSubstr("127.0.0.1"));
}

TEST_F(HttpClientTest, AResetOrEndInsteadOfAnAnswer) {
  EXPECT_EQ(kind_against([](StubConnection& c) {
              c.read_request();
              c.reset();
            }),
            HttpFailureKind::reset);
  EXPECT_EQ(kind_against([](StubConnection& c) { c.read_request(); }), HttpFailureKind::reset);
  EXPECT_EQ(kind_against([](StubConnection& c) {
              c.read_request();
              c.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            }),
            HttpFailureKind::reset);
}

TEST_F(HttpClientTest, TheDeadlineHoldsForHeadAndBody) {
  const auto silent = [](StubConnection& c) { c.wait_until_closed(); };
  const auto half = [](StubConnection& c) {
    c.read_request();
    c.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    c.wait_until_closed();
  };
  EXPECT_EQ(kind_against(silent, Milliseconds(30)), HttpFailureKind::timeout);
  EXPECT_EQ(kind_against(half, Milliseconds(30)), HttpFailureKind::timeout);
}

TEST_F(HttpClientTest, WhatIsNotHttp) {
  EXPECT_EQ(kind_against([](StubConnection& c) {
              c.read_request();
              c.send("220 mail.example ESMTP\r\n");
            }),
            HttpFailureKind::protocol);
  EXPECT_EQ(failure_of(get("not a url")).kind, HttpFailureKind::protocol);
  EXPECT_EQ(failure_of(get("file:///etc/hostname")).kind, HttpFailureKind::protocol);
}

TEST_F(HttpClientTest, ANameThatIsNone) {
  // Longer than a label may be: refused without asking anyone.
  EXPECT_EQ(failure_of(get("http://" + std::string(80, 'a') + ".invalid/")).kind,
            HttpFailureKind::dns);
}

TEST_F(HttpClientTest, AnAnswerThatIsTooLong) {
  HttpRequest request;
  request.max_body_bytes = 10;
  {
    const StubServer server(answer_always(http_response(200, "0123456789")));
    request.url = server.url();
    EXPECT_TRUE(client_.fetch(request).ok()) << "exactly the limit";
  }
  const StubServer announced(answer_always(http_response(200, "0123456789a")));
  request.url = announced.url();
  EXPECT_EQ(failure_of(request).kind, HttpFailureKind::too_large);
  const StubServer chunked(
      answer_always("HTTP/1.1 200 OK\r\nTransfer-Encoding: "
                    "chunked\r\n\r\n8\r\n01234567\r\n8\r\n01234567\r\n0\r\n\r\n"));
  request.url = chunked.url();
  const HttpFailure failure = failure_of(request);
  EXPECT_EQ(failure.kind, HttpFailureKind::too_large);
  EXPECT_THAT(failure.message, HasSubstr("longer than 10 bytes"));
}

// /3 leads to /2, to /1, to /0.
StubServer::Script countdown() {
  return [](StubConnection& connection) {
    while (const auto request = connection.read_request()) {
      const int left = std::atoi(request->target().c_str() + 1);
      connection.send(left == 0 ? http_response(200, "there", "X-Last: yes\r\n")
                                : http_response(302, "",
                                                "X-Hop: yes\r\nLocation: /" +
                                                    std::to_string(left - 1) + "\r\n"));
    }
  };
}

TEST_F(HttpClientTest, RedirectsAreFollowedUpToTheirLimit) {
  const StubServer server(countdown());
  HttpRequest request = get(server.url("/1"));
  EXPECT_EQ(client_.fetch(request)->status, 302) << "none unless asked for";
  request = get(server.url("/3"));
  request.max_redirects = 3;
  const HttpResult result = client_.fetch(request);
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_EQ(result->body, "there");
  EXPECT_EQ(result->header("X-Last"), "yes");
  EXPECT_EQ(result->header("X-Hop"), "") << "only the last response's headers";
  request.max_redirects = 2;
  EXPECT_EQ(failure_of(request).kind, HttpFailureKind::protocol);
}

TEST_F(HttpClientTest, RedirectsLeadOnlyToHttp) {
  const StubServer server(
      answer_always(http_response(302, "", "Location: file:///etc/passwd\r\n")));
  HttpRequest request = get(server.url());
  request.max_redirects = 5;
  EXPECT_EQ(failure_of(request).kind, HttpFailureKind::protocol);
}

TEST_F(HttpClientTest, TheEnvironmentsProxyIsNotObeyed) {
  const std::string proxy = "http://127.0.0.1:" + std::to_string(closed_port());
  setenv("http_proxy", proxy.c_str(), 1);
  const StubServer server(answer_always(http_response(200, "direct")));
  const HttpResult result = client_.fetch(get(server.url()));
  unsetenv("http_proxy");
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_EQ(result->body, "direct");
}

TEST_F(HttpClientTest, ConnectionsAreKeptUnlessAFreshOneIsAskedFor) {
  const StubServer server(answer_always(http_response(200, "")));
  HttpRequest request = get(server.url());
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(client_.fetch(request).ok());
  EXPECT_EQ(server.connections(), 1);
  request.connection = HttpConnection::fresh;
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(client_.fetch(request).ok());
  EXPECT_EQ(server.connections(), 4);
}

TEST_F(HttpClientTest, AFreshConnectionIsClosedWithAReset) {
  std::promise<int> end;
  const StubServer server([&](StubConnection& connection) {
    connection.read_request();
    connection.send(http_response(200, ""));
    connection.wait_until_closed();
    end.set_value(errno);
  });
  HttpRequest request = get(server.url());
  request.connection = HttpConnection::fresh;
  ASSERT_TRUE(client_.fetch(std::move(request)).ok());
  EXPECT_EQ(end.get_future().get(), ECONNRESET);
}

TEST_F(HttpClientTest, AStreamComesPieceByPiece) {
  const StubServer server([](StubConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\n\r\none ");
    connection.send("two");
  });
  std::string pieces;
  HttpRequest request = get(server.url());
  request.max_body_bytes = 1;  // of what is collected, and nothing is
  request.on_data = [&](std::string_view piece) {
    pieces += piece;
    return true;
  };
  const HttpResult result = client_.fetch(std::move(request));
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_EQ(result->status, 200);
  EXPECT_EQ(result->body, "");
  EXPECT_EQ(pieces, "one two");
}

TEST_F(HttpClientTest, AStreamEndsWhenItsReaderHasEnough) {
  EXPECT_EQ(
      [&] {
        const StubServer server([](StubConnection& connection) {
          connection.read_request();
          connection.send("HTTP/1.1 200 OK\r\n\r\nenough");
          connection.wait_until_closed();
        });
        HttpRequest request = get(server.url());
        request.timeout = Milliseconds(0);
        request.on_data = [](std::string_view) { return false; };
        return failure_of(std::move(request)).kind;
      }(),
      HttpFailureKind::aborted);
}

TEST(HttpFailureKinds, HaveNames) {
  EXPECT_EQ(to_string(HttpFailureKind::timeout), "timeout");
  EXPECT_EQ(to_string(HttpFailureKind::unreachable), "unreachable");
  EXPECT_EQ(to_string(HttpFailureKind::aborted), "aborted");
}

}  // namespace
}  // namespace selfheal
