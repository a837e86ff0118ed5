#include "exporter/probes/http/http1_response.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace selfheal {
namespace {

using testing::HasSubstr;
using Body = Http1Response::Body;
using Progress = Http1Response::Progress;

struct Read {
  Progress progress = Progress::more;
  std::string body;
  int heads = 0;
  int status = 0;
  int64_t content_length = 0;
  HttpHeaders headers;
  std::string fault;
};

struct Receiver final : Http1Response::Receiver {
  bool take_head(const ResponseHead&) override {
    ++heads;
    return heads < most_heads;
  }
  bool take_body(std::string_view piece) override {
    EXPECT_FALSE(piece.empty());
    body += piece;
    return body.size() <= most_body;
  }
  std::string body;
  int heads = 0;
  int most_heads = 100;
  size_t most_body = 1 << 20;
};

// Feeds `text` in pieces of `piece` bytes, then the connection's end if it is not over by then.
Read read(std::string_view text, size_t piece, Body expected = Body::expected) {
  Read result;
  Receiver receiver;
  Http1Response response(expected, receiver);
  for (; !text.empty() && result.progress == Progress::more;
       text.remove_prefix(std::min(piece, text.size())))
    result.progress = response.feed(text.substr(0, piece));
  if (result.progress == Progress::more) result.progress = response.end();
  result.body = receiver.body;
  result.heads = receiver.heads;
  result.status = response.head().status;
  result.content_length = response.content_length();
  result.headers = response.head().headers;
  result.fault = response.fault();
  return result;
}

// What holds whatever the pieces are.
class Http1ResponseTest : public testing::TestWithParam<size_t> {
 protected:
  Read read_it(std::string_view text, Body expected = Body::expected) {
    return read(text, GetParam(), expected);
  }
  void expect_broken(std::string_view text, const std::string& fault) {
    const Read got = read_it(text);
    EXPECT_EQ(got.progress, Progress::broken) << text;
    EXPECT_THAT(got.fault, HasSubstr(fault)) << text;
  }
};

INSTANTIATE_TEST_SUITE_P(Pieces, Http1ResponseTest, testing::Values(1, 2, 3, 7, 100'000));

TEST_P(Http1ResponseTest, ByLength) {
  const Read got = read_it("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Two:  a b \r\n\r\nhello");
  EXPECT_EQ(got.progress, Progress::done);
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.body, "hello");
  EXPECT_EQ(got.content_length, 5);
  EXPECT_EQ(got.headers, (HttpHeaders{{"Content-Length", "5"}, {"X-Two", "a b"}}));
}

TEST_P(Http1ResponseTest, ByChunks) {
  const Read got = read_it(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n"
      "5;name=value\r\nhello\r\nA\r\n, big worl\r\n1\r\nd\r\n0\r\nX-Trailer: 1\r\n\r\n");
  EXPECT_EQ(got.progress, Progress::done);
  EXPECT_EQ(got.body, "hello, big world");
  EXPECT_EQ(got.content_length, -1);
}

TEST_P(Http1ResponseTest, ToTheEndOfTheConnection) {
  const Read got = read_it("HTTP/1.0 404 Not Found\nServer: old\n\nbye\r\n\r\nbye");
  EXPECT_EQ(got.progress, Progress::done);
  EXPECT_EQ(got.status, 404);
  EXPECT_EQ(got.body, "bye\r\n\r\nbye");
  EXPECT_EQ(got.content_length, -1);
}

TEST_P(Http1ResponseTest, NoBody) {
  EXPECT_EQ(read_it("HTTP/1.1 204 No Content\r\n\r\n").progress, Progress::done);
  EXPECT_EQ(read_it("HTTP/1.1 304\r\nContent-Length: 9\r\n\r\n").progress, Progress::done);
  EXPECT_EQ(read_it("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").progress, Progress::done);
  const Read head = read_it("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", Body::none);
  EXPECT_EQ(head.progress, Progress::done);
  EXPECT_EQ(head.content_length, 9);
}

TEST_P(Http1ResponseTest, InterimAnswersArePassedOver) {
  const Read got = read_it(
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  EXPECT_EQ(got.progress, Progress::done);
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.headers.size(), 1U);
  EXPECT_EQ(got.heads, 1);
  EXPECT_EQ(got.body, "ok");
}

TEST_P(Http1ResponseTest, AHeaderOverTwoLines) {
  const Read got = read_it("HTTP/1.1 200 OK\r\nX-Long: one\r\n  two\r\nContent-Length: 0\r\n\r\n");
  ASSERT_EQ(got.headers.size(), 2U);
  EXPECT_EQ(got.headers[0].second, "one two");
}

TEST_P(Http1ResponseTest, Garbage) {
  expect_broken("SSH-2.0-OpenSSH_9.2\r\n\r\n", "no HTTP/1 answer");
  expect_broken("HTTP/2 200\r\n\r\n", "no HTTP/1 answer");
  expect_broken("HTTP/1.1 2xx OK\r\n\r\n", "no HTTP/1 answer");
  expect_broken("HTTP/1.1 099 OK\r\n\r\n", "no HTTP/1 answer");
  expect_broken("\r\n\r\n", "no HTTP/1 answer");
  expect_broken("HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "no header");
  expect_broken("HTTP/1.1 200 OK\r\n: empty\r\n\r\n", "no header");
  expect_broken("HTTP/1.1 200 OK\r\nA : b\r\n\r\n", "no header");
  expect_broken("HTTP/1.1 200 OK\r\n first\r\n\r\n", "no header");
  expect_broken("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "two lengths");
  expect_broken("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "no length");
  expect_broken("HTTP/1.1 200 OK\r\nContent-Length: 9x\r\n\r\n", "no length");
  expect_broken("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", "transfer encoding");
}

TEST_P(Http1ResponseTest, BrokenChunks) {
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  expect_broken(head + "xyz\r\n", "no chunk's size");
  expect_broken(head + "\r\n", "no chunk's size");
  expect_broken(head + "-5\r\nhello\r\n", "no chunk's size");
  expect_broken(head + "fffffffffffffffff\r\n", "no chunk's size");
  expect_broken(head + "2\r\nhello\r\n0\r\n\r\n", "longer than announced");
  expect_broken(head + std::string(100'000, '1'), "too long");
  expect_broken(head + "0\r\n" + std::string(100'000, 'x'), "too long");
}

TEST_P(Http1ResponseTest, AnEarlyEnd) {
  expect_broken("", "without an answer");
  expect_broken("HTTP/1.1 200 OK\r\nContent-", "within the headers");
  expect_broken("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", "before the body's end");
  expect_broken("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
                "before the body's end");
}

TEST(Http1ResponseOnce, AHeadWithoutEnd) {
  const std::string head = "HTTP/1.1 200 OK\r\nX: " + std::string(10 << 20, 'x');
  const Read got = read(head, 1000);
  EXPECT_EQ(got.progress, Progress::broken);
  EXPECT_EQ(got.fault, "the response's headers are longer than 256 KB");
}

TEST(Http1ResponseOnce, TheReceiverMayRefuse) {
  const std::string_view text = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nh";
  Receiver no_head, no_body;
  no_head.most_heads = 1;
  no_body.most_body = 0;
  Http1Response one(Body::expected, no_head), other(Body::expected, no_body);
  EXPECT_EQ(one.feed(text), Progress::refused);
  EXPECT_EQ(other.feed(text), Progress::refused);
  EXPECT_EQ(one.head().status, 200);
  EXPECT_EQ(no_head.body, "");
  EXPECT_EQ(no_body.body, "h");
}

TEST(Http1ResponseOnce, AnotherProtocolIsSeenAtItsFirstBytes) {
  Receiver receiver;
  Http1Response response(Body::expected, receiver);
  EXPECT_EQ(response.feed("220 ma"), Progress::broken);
  EXPECT_EQ(response.head().status, 0);
}

TEST(Http1ResponseOnce, WhatComesAfterTheEndIsLeftAlone) {
  const Read got = read("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more", 100);
  EXPECT_EQ(got.progress, Progress::done);
  EXPECT_EQ(got.body, "ok");
}

}  // namespace
}  // namespace selfheal
