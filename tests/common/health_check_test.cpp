#include "common/http/health_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/stub_server.h"
#include "tests/support/test_certificates.h"

namespace selfheal {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr Milliseconds kPatience{2'000};

// What the stub answers is what /-/ready says.
Outcome<> health_of(const StubServer& server, Remarks remarks = Remarks::accepted,
                    Milliseconds timeout = kPatience) {
  const SystemClock clock;
  return ask_health(server.url(""), remarks, timeout, clock);
}

TEST(HealthCheck, AsksWhetherItIsReady) {
  std::string asked;
  const StubServer server([&](StubConnection& connection) {
    if (const auto request = connection.read_request()) asked = request->first_line;
    connection.send(http_response(200, "ready\n"));
  });
  EXPECT_TRUE(health_of(server));
  EXPECT_THAT(asked, HasSubstr("GET /-/ready "));
}

TEST(HealthCheck, TellsWhyNotInOneLine) {
  const StubServer server(answer_always(http_response(503, "Docker is away\nand more\n")));
  const Outcome<> health = health_of(server);
  ASSERT_FALSE(health);
  EXPECT_THAT(health.error().message, HasSubstr("503 Docker is away and more"));
}

TEST(HealthCheck, TakesARemarkForAFaultOnlyWhereItIsOne) {
  const StubServer server(answer_always(http_response(200, "ready\nDocker is away\n")));
  EXPECT_TRUE(health_of(server, Remarks::accepted));
  const Outcome<> health = health_of(server, Remarks::are_faults);
  ASSERT_FALSE(health);
  EXPECT_THAT(health.error().message, HasSubstr("Docker is away"));
}

TEST(HealthCheck, WhoIsAliveNeedNotBeReady) {
  const StubServer server([](StubConnection& connection) {
    const auto request = connection.read_request();
    const bool alive = request && request->first_line.starts_with("GET /-/healthy ");
    connection.send(alive ? http_response(200, "healthy\n")
                          : http_response(503, "Docker is away\n"));
  });
  const SystemClock clock;
  EXPECT_FALSE(health_of(server));
  EXPECT_TRUE(ask_alive(server.url(""), kPatience, clock));
  EXPECT_FALSE(ask_alive("http://127.0.0.1:1", kPatience, clock));
}

TEST(HealthCheck, OfAServerOverTls) {
  const auto context = server_context(TestCertificate::self_signed({}));
  const StubServer server([&](StubConnection& connection) {
    if (!connection.start_tls(context.get()) || !connection.read_request()) return;
    connection.send(http_response(200, "ready\n"));
  });
  const SystemClock clock;
  const std::string url = "https://me:secret@127.0.0.1:" + std::to_string(server.port());
  const Outcome<> health = ask_health(url, Remarks::are_faults, kPatience, clock);
  EXPECT_TRUE(health) << health.error().message;
}

TEST(HealthCheck, NobodyThere) {
  const SystemClock clock;
  const Outcome<> health =
      ask_health("http://me:secret@127.0.0.1:1", Remarks::accepted, kPatience, clock);
  ASSERT_FALSE(health);
  EXPECT_THAT(health.error().message, HasSubstr("127.0.0.1:1"));
  EXPECT_THAT(health.error().message, Not(HasSubstr("secret")));
}

TEST(HealthCheck, WhatHangsIsNotHealthy) {
  const StubServer server([](StubConnection& connection) { connection.wait_until_closed(); });
  EXPECT_FALSE(health_of(server, Remarks::accepted, Milliseconds(50)));
}

std::string url_of(const std::vector<std::string>& listen_addresses) {
  const Result<std::string> url = local_url(listen_addresses);
  return url ? *url : url.error().message;
}

TEST(LocalUrl, IsLoopbackWhereItListensThere) {
  EXPECT_EQ(url_of({":10115"}), "http://127.0.0.1:10115");
  EXPECT_EQ(url_of({"0.0.0.0:1"}), "http://127.0.0.1:1");
  EXPECT_EQ(url_of({"[::]:1"}), "http://127.0.0.1:1");
  EXPECT_EQ(url_of({"[::1]:1"}), "http://[::1]:1");
  EXPECT_EQ(url_of({"inside:10115", "127.0.0.1:10117"}), "http://127.0.0.1:10117");
  EXPECT_EQ(url_of({"192.0.2.1:10115"}), "http://192.0.2.1:10115");
}

TEST(LocalUrl, OfANetworkIsThisMachinesAddressInIt) {
  EXPECT_EQ(url_of({"127.0.0.0/8:10115"}), "http://127.0.0.1:10115");
  EXPECT_THAT(url_of({"203.0.113.0/32:1"}),
              HasSubstr("--web.listen-address 203.0.113.0/32:1: this machine has no address in"));
}

}  // namespace
}  // namespace selfheal
