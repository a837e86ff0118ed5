#include "remediator/intake/webhook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/remediator/workshop.h"
#include "tests/support/http_peer.h"

namespace selfheal {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

constexpr const char* kPath = "/api/v1/alerts";
const std::string kRight = "Authorization: Bearer s3cret\r\n";

class WebhookTest : public testing::Test {
 protected:
  void start(std::optional<BearerToken> token = BearerToken("s3cret")) {
    RemediatorSettings small;
    small.webhook_body_bytes = 2000;
    shop_.settings.set(small);
    tokens_ =
        std::make_unique<TokenGate>(std::move(token), std::make_shared<LoginLimit>(shop_.clock));
    webhook_ = std::make_unique<Webhook>(*shop_.intake, *tokens_, shop_.settings, shop_.metrics);
    server_ = std::make_unique<HttpServer>(HttpServerOptions{.listen_addresses = {"127.0.0.1:0"}},
                                           system_clock_);
    server_->route("POST", kPath, [this](ServerRequest& r) { return webhook_->handle(r); });
    ASSERT_TRUE(server_->start().ok());
  }
  HttpText post(const std::string& body, const std::string& headers = kRight) {
    const auto response = request(server_->port(), "POST", kPath, body, headers);
    EXPECT_TRUE(response.has_value());
    return response.value_or(HttpText{});
  }
  // Sends only the head, and whatever comes back came without the body.
  HttpText post_head(const std::string& headers) {
    HttpPeer peer(server_->port());
    peer.send(std::string("POST ") + kPath + " HTTP/1.1\r\nHost: t\r\n" + headers + "\r\n");
    const auto response = peer.read();
    EXPECT_TRUE(response.has_value());
    EXPECT_TRUE(peer.ends()) << "the connection is closed";
    return response.value_or(HttpText{});
  }
  static std::string payload(const std::string& container = "web") {
    return R"({"version":"4","alerts":[{"status":"firing","labels":{"alertname":"ProbeFailing",)"
           R"("host":"box","container":")" +
           container +
           R"(","remediation":"restart"},"startsAt":"2026-01-31T11:59:57Z","fingerprint":"f"}]})";
  }
  void expect_counted(int code) {
    EXPECT_THAT(shop_.metrics_text(),
                HasSubstr("webhook_requests_total{code=\"" + std::to_string(code) + "\"} 1\n"));
  }

  SystemClock system_clock_;  // for the sockets; the incidents' is the workshop's
  Workshop shop_;
  std::unique_ptr<TokenGate> tokens_;
  std::unique_ptr<Webhook> webhook_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(WebhookTest, WhatWasAnsweredWith200IsInTheJournal) {
  start();
  const HttpText response = post(payload());
  EXPECT_EQ(response.status(), 200);
  EXPECT_EQ(response.body,
            "{\"accepted\":1,\"ignored\":0,\"received_at\":\"2026-01-31T12:00:00.000000000Z\"}\n");
  EXPECT_EQ(shop_.incident().container, "web");
  expect_counted(200);
}

TEST_F(WebhookTest, WithoutOrWithAWrongTokenTheBodyIsNotEvenRead) {
  start();
  const std::string length = "Content-Length: 1999\r\n";
  for (const std::string& headers : {length, length + "Authorization: Bearer wrong\r\n",
                                     length + "Authorization: Basic czNjcmV0\r\n"}) {
    const HttpText response = post_head(headers);
    EXPECT_EQ(response.status(), 401);
    EXPECT_EQ(response.header("WWW-Authenticate"), "Bearer");
    EXPECT_EQ(response.body.find("s3cret"), std::string::npos);
  }
  EXPECT_THAT(post_head(length).body, HasSubstr("no bearer token"));
  EXPECT_THAT(post_head(length + "Authorization: Bearer x\r\n").body,
              HasSubstr("--webhook.token-file"));
  EXPECT_THAT(shop_.metrics_text(), HasSubstr("webhook_requests_total{code=\"401\"} 5\n"));
}

TEST_F(WebhookTest, ABodyOverTheLimitIs413) {
  start();
  const HttpText response = post_head(kRight + "Content-Length: 2001\r\n");
  EXPECT_EQ(response.status(), 413);
  EXPECT_THAT(response.body, HasSubstr("limits.webhook_body_bytes, 2000"));
  expect_counted(413);
}

TEST_F(WebhookTest, ABodyWithoutALengthIs411) {
  start();
  EXPECT_EQ(post_head(kRight).status(), 411);
  expect_counted(411);
}

TEST_F(WebhookTest, WhatCantBeUnderstoodIs400) {
  start();
  for (const std::string& body :
       {std::string("not json"), std::string("[]"), std::string(""),
        std::string(R"({"version":"3","alerts":[]})"), payload().substr(0, 60)}) {
    const HttpText response = post(body);
    EXPECT_EQ(response.status(), 400) << body;
    EXPECT_TRUE(nlohmann::json::parse(response.body).contains("error"));
  }
  EXPECT_THAT(post(R"({"version":"3","alerts":[]})").body, HasSubstr("expected \\\"4\\\""));
}

TEST_F(WebhookTest, AnEndInTheMiddleOfTheBodyIs400) {
  start();
  {
    HttpPeer peer(server_->port());
    peer.send(std::string("POST ") + kPath + " HTTP/1.1\r\nHost: t\r\n" + kRight +
              "Content-Length: 100\r\n\r\n{\"version\":");
  }
  while (shop_.metrics_text().find("code=\"400\"") == std::string::npos) std::this_thread::yield();
  expect_counted(400);
}

TEST_F(WebhookTest, WhatCantBeWrittenDownIs503AndIsTakenTheNextTime) {
  start();
  shop_.break_journal();
  const HttpText response = post(payload());
  EXPECT_EQ(response.status(), 503);
  EXPECT_THAT(response.body, HasSubstr("the disk is full"));
  expect_counted(503);
  shop_.mend_journal();
  EXPECT_EQ(post(payload()).status(), 200);
  EXPECT_EQ(shop_.incident().container, "web");
}

TEST_F(WebhookTest, WhatNothingComesOfIs200AsWell) {
  start();
  EXPECT_EQ(post(R"({"version":"4","alerts":[]})").status(), 200);
  EXPECT_EQ(post(R"({"version":"4","alerts":[{"status":"firing"}]})").status(), 200)
      << "sent again it would not get better";
  EXPECT_EQ(post(payload("unknown")).status(), 200);
}

TEST_F(WebhookTest, WithoutATokenEveryoneIsLetIn) {
  start(std::nullopt);
  EXPECT_EQ(post(payload(), "Content-Type: application/json\r\n").status(), 200);
  EXPECT_EQ(post_head("Content-Type: text/plain\r\nContent-Length: 5\r\n").status(), 415)
      << "a page of another site can send that";
  EXPECT_EQ(post_head("Content-Length: 5\r\n").status(), 415);
}

TEST_F(WebhookTest, ANewTokenReplacesTheOld) {
  start();
  tokens_->set_token(BearerToken("fresh"));
  EXPECT_EQ(post_head(kRight + "Content-Length: 5\r\n").status(), 401);
  EXPECT_EQ(post(payload(), "Authorization: Bearer fresh\r\n").status(), 200);
}

TEST_F(WebhookTest, OtherMethodsAreNone) {
  start();
  const auto response = request(server_->port(), "GET", kPath);
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status(), 405);
  EXPECT_EQ(response->header("Allow"), "POST");
}

}  // namespace
}  // namespace selfheal
