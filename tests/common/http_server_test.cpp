#include "common/http/http_server.h"

#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/http_peer.h"

namespace selfheal {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

ServerResponse say(std::string text) {
  ServerResponse response;
  response.body = std::move(text);
  return response;
}

class HttpServerTest : public testing::Test {
 protected:
  void start(HttpServerOptions options = {}) {
    if (options.listen_addresses.empty()) options.listen_addresses = {"127.0.0.1:0"};
    server_ = std::make_unique<HttpServer>(std::move(options), clock_);
    for (auto& [method, path, handler] : routes_) server_->route(method, path, std::move(handler));
    const auto started = server_->start();
    ASSERT_TRUE(started.ok()) << started.error().message;
  }
  void route(std::string method, std::string path, HttpServer::Handler handler) {
    routes_.emplace_back(std::move(method), std::move(path), std::move(handler));
  }
  uint16_t port() const { return server_->port(); }

  SystemClock clock_;
  std::vector<std::tuple<std::string, std::string, HttpServer::Handler>> routes_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, AnswersWithStatusHeadersAndBody) {
  route("GET", "/x", [](ServerRequest&) {
    ServerResponse response = say("{}");
    response.status = 201;
    response.content_type = "application/json";
    response.headers.emplace_back("X-Own", "yes");
    return response;
  });
  start();
  const auto response = request(port(), "GET", "/x");
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status(), 201);
  EXPECT_EQ(response->body, "{}");
  EXPECT_EQ(response->header("Content-Type"), "application/json");
  EXPECT_EQ(response->header("X-Own"), "yes");
  EXPECT_EQ(response->header("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(response->header("Access-Control-Allow-Origin"), "");
}

TEST_F(HttpServerTest, TellsTheHandlerWhatWasAsked) {
  route("GET", "/q/*", [](ServerRequest& r) {
    return say(std::string(r.method()) + " " + std::string(r.path()) + " [" + r.query("a") + "] [" +
               r.query("missing") + "] [" + r.header("x-thing") + "] " + r.remote_address());
  });
  start();
  const auto response =
      request(port(), "GET", "/q/in%20ner?b=1&a=x%26y+z", "", "X-Thing: some value\r\n");
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "GET /q/in ner [x&y z] [] [some value] 127.0.0.1");
}

TEST_F(HttpServerTest, UnknownPathsAndMethods) {
  route("GET", "/both", [](ServerRequest&) { return say("got"); });
  route("POST", "/both", [](ServerRequest&) { return say("posted"); });
  start();
  const auto missing = request(port(), "GET", "/nothing");
  ASSERT_TRUE(missing);
  EXPECT_EQ(missing->status(), 404);
  const auto refused = request(port(), "DELETE", "/both");
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status(), 405);
  EXPECT_EQ(refused->header("Allow"), "GET, POST");
  EXPECT_EQ(request(port(), "POST", "/both")->body, "posted");
}

TEST_F(HttpServerTest, TheExactPathWinsThenTheLongestBelow) {
  route("GET", "/a/*", [](ServerRequest&) { return say("below a"); });
  route("GET", "/a/b/*", [](ServerRequest&) { return say("below b"); });
  route("GET", "/a/b/c", [](ServerRequest&) { return say("exactly c"); });
  start();
  EXPECT_EQ(request(port(), "GET", "/a/x")->body, "below a");
  EXPECT_EQ(request(port(), "GET", "/a/b/x/y")->body, "below b");
  EXPECT_EQ(request(port(), "GET", "/a/b/c")->body, "exactly c");
  EXPECT_EQ(request(port(), "GET", "/a")->status(), 404);
}

TEST_F(HttpServerTest, HeadIsGetWithoutTheBody) {
  route("GET", "/x", [](ServerRequest&) { return say("12345"); });
  start();
  HttpPeer peer(port());
  peer.send("HEAD /x HTTP/1.1\r\nHost: t\r\n\r\nGET /x HTTP/1.1\r\nHost: t\r\n\r\n");
  const auto head = peer.read(HttpBody::none);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status(), 200);
  EXPECT_EQ(head->header("Content-Length"), "5");
  const auto next = peer.read();
  ASSERT_TRUE(next) << "the connection is kept, and no body came";
  EXPECT_EQ(next->body, "12345");
}

TEST_F(HttpServerTest, AConnectionCarriesManyRequests) {
  route("POST", "/echo",
        [](ServerRequest& r) { return say(*r.read_body(100, Milliseconds(5000))); });
  start();
  HttpPeer peer(port());
  for (const char* word : {"one", "two", "six"}) {
    peer.send(std::string("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\n\r\n") + word);
    const auto response = peer.read();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->body, word);
  }
}

TEST_F(HttpServerTest, NonsenseDoesNotEndIt) {
  route("GET", "/x", [](ServerRequest&) { return say("alive"); });
  start();
  const std::string long_header = "X-Long: " + std::string(200'000, 'a') + "\r\n";
  for (const std::string& nonsense :
       {std::string("\0\1\2\3\r\n\r\n", 8), std::string("GET\r\n\r\n"),
        std::string("GET /x SPDY/9\r\n\r\n"), "GET /x HTTP/1.1\r\n" + long_header + "\r\n",
        std::string("POST /x HTTP/1.1\r\nContent-Length: -5\r\n\r\n"),
        std::string("GET /../../etc/passwd HTTP/1.1\r\n\r\n")}) {
    HttpPeer peer(port());
    peer.send(nonsense);
    const auto response = peer.read();
    EXPECT_TRUE(!response || response->status() >= 400) << nonsense.substr(0, 40);
  }
  EXPECT_EQ(request(port(), "GET", "/x")->body, "alive");
}

// Of more, civetweb drops the last ones: a body's length, say, and then takes the body for a
// request.
TEST_F(HttpServerTest, MoreHeadersThanItCanTakeAreRefused) {
  int reads = 0;
  route("POST", "/x", [&](ServerRequest& r) {
    ++reads;
    return say(*r.read_body(100, Milliseconds(5000)));
  });
  start();
  const auto headers = [](int count) {  // beside Host and Content-Length
    std::string text;
    for (int i = 0; i < count; ++i) text += "X-" + std::to_string(i) + ": a\r\n";
    return text;
  };
  EXPECT_EQ(request(port(), "POST", "/x", "body", headers(61))->body, "body");
  for (const int count : {62, 63, 100, 500}) {
    HttpPeer peer(port());
    peer.send("POST /x HTTP/1.1\r\nHost: t\r\n" + headers(count) + "Content-Length: 4\r\n\r\nbody");
    const auto response = peer.read();
    ASSERT_TRUE(response) << count;
    EXPECT_EQ(response->status(), 431) << count;
    EXPECT_EQ(response->header("Connection"), "close") << count;
    EXPECT_TRUE(peer.ends()) << count;
  }
  EXPECT_EQ(reads, 1);
}

TEST_F(HttpServerTest, ListensWhereItIsToldTo) {
  route("GET", "/x", [](ServerRequest&) { return say("here"); });
  start({.listen_addresses = {"127.0.0.1:0", "127.0.0.1:0"}});
  const auto addresses = server_->addresses();
  ASSERT_EQ(addresses.size(), 2u);
  EXPECT_NE(addresses[0], addresses[1]);
  EXPECT_EQ(addresses[0], "127.0.0.1:" + std::to_string(port()));
  const auto second = static_cast<uint16_t>(std::stoi(addresses[1].substr(10)));
  EXPECT_EQ(request(second, "GET", "/x")->body, "here");
}

TEST_F(HttpServerTest, AnyAddressIsBothFamilies) {
  route("GET", "/x", [](ServerRequest& r) { return say(r.remote_address()); });
  start({.listen_addresses = {":0"}});
  EXPECT_THAT(request(port(), "GET", "/x")->body, HasSubstr("127.0.0.1"));
  EXPECT_EQ(server_->addresses().at(0), ":" + std::to_string(port()));
}

TEST_F(HttpServerTest, AnAddressInUseIsNamed) {
  start();
  const std::string address = "127.0.0.1:" + std::to_string(port());
  HttpServer second({.listen_addresses = {address}}, clock_);
  const auto started = second.start();
  ASSERT_FALSE(started.ok());
  EXPECT_THAT(started.error().message, StartsWith("can't listen on " + address));
  EXPECT_THAT(started.error().message, HasSubstr("Address already in use"));
}

TEST_F(HttpServerTest, AnAddressThatIsNoneIsNamed) {
  for (const char* address : {"nonsense", "127.0.0.1:notaport", "127.0.0.1:70000"}) {
    HttpServer server({.listen_addresses = {address}}, clock_);
    const auto started = server.start();
    ASSERT_FALSE(started.ok()) << address;
    EXPECT_THAT(started.error().message, HasSubstr(address));
  }
}

TEST_F(HttpServerTest, AnIdleConnectionIsEnded) {
  start({.listen_addresses = {"127.0.0.1:0"}, .request_timeout = Milliseconds(50)});
  HttpPeer peer(port());
  peer.ends();
  HttpPeer slow_header(port());
  slow_header.send("GET /x HT");
  slow_header.ends();
}

TEST_F(HttpServerTest, DrainsWhatIsUnderWay) {
  std::promise<void> entered;
  std::promise<void> release;
  route("GET", "/slow", [&](ServerRequest&) {
    entered.set_value();
    release.get_future().wait();
    return say("whole");
  });
  route("GET", "/quick", [](ServerRequest&) { return say("quick"); });
  start();
  HttpPeer peer(port());
  peer.send("GET /slow HTTP/1.1\r\nHost: t\r\n\r\n");
  entered.get_future().wait();
  std::thread stopper([this] { server_->drain_and_stop(Milliseconds(20'000)); });
  std::optional<HttpText> refused;
  do refused = request(port(), "GET", "/quick");
  while (refused && refused->status() == 200);
  EXPECT_TRUE(refused && refused->status() == 503) << "new requests are refused while it drains";
  release.set_value();
  const auto response = peer.read();
  stopper.join();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "whole");
  server_->drain_and_stop();
}

}  // namespace
}  // namespace selfheal
