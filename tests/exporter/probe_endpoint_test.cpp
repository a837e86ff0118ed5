// /probe and /logs of the whole exporter, on real sockets.
#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/http/blocking_http_client.h"
#include "exporter/exporter.h"
#include "tests/exporter/eventually.h"
#include "tests/exporter/fake_docker.h"
#include "tests/exporter/stub_server.h"

namespace selfheal {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr int kAtOnce = 3;

// A client that connects and says nothing.
UniqueFd idle_client(uint16_t port) {
  UniqueFd client(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  EXPECT_EQ(connect(client.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  return client;
}

class ProbeEndpointTest : public testing::Test {
 protected:
  ProbeEndpointTest() {
    ExporterSettings settings;
    settings.probes_on_demand = kAtOnce;
    ExporterOptions options;
    options.listen_addresses = {"127.0.0.1:0"};
    exporter_ = std::make_unique<Exporter>(options, settings, clock_, docker_);
    EXPECT_TRUE(exporter_->start());
  }
  HttpResponse get(const std::string& path, const std::string& scrape_timeout = "30") {
    HttpRequest request;
    request.url = "http://127.0.0.1:" + std::to_string(exporter_->port()) + path;
    request.headers = {{"X-Prometheus-Scrape-Timeout-Seconds", scrape_timeout}};
    request.timeout = Milliseconds(40'000);
    BlockingHttpClient client(clock_, "test");
    const HttpResult answer = client.fetch(std::move(request));
    return answer ? *answer : HttpResponse{};
  }
  std::string target() const { return "127.0.0.1:" + std::to_string(server_.port()); }
  // As many as may be at once, none of which will be answered.
  std::vector<std::future<HttpResponse>> hang_all() {
    server_.set_mode(StubServer::Mode::hang);
    std::vector<std::future<HttpResponse>> all;
    for (int i = 0; i < kAtOnce; ++i)
      all.push_back(
          std::async(std::launch::async, [this] { return get("/probe?target=" + target()); }));
    EXPECT_TRUE(eventually([this] { return server_.connections() == kAtOnce; }));
    return all;
  }

  SystemClock clock_;
  FakeDocker docker_;
  StubServer server_;
  std::unique_ptr<Exporter> exporter_;
};

TEST_F(ProbeEndpointTest, AnswersWithTheMetricsOfOneProbe) {
  const HttpResponse answer = get("/probe?target=" + target());
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_THAT(answer.body, AllOf(HasSubstr("\nprobe_success 1\n"),
                                 HasSubstr("\n# TYPE probe_duration_seconds gauge\n")));
}

TEST_F(ProbeEndpointTest, AFailedProbeIsAnAnswer) {
  const std::string nobody = "127.0.0.1:" + std::to_string(StubServer::refused_port());
  const HttpResponse answer = get("/probe?target=" + nobody);
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, AllOf(HasSubstr("\nprobe_success 0\n"),
                                 HasSubstr("\nprobe_failure_reason{reason=\"refused\"} 1\n")));
}

TEST_F(ProbeEndpointTest, WhatIsNoProbeIsRefused) {
  EXPECT_EQ(get("/probe").status, 400);
  EXPECT_EQ(get("/probe?target=x&module=nope").body, "Unknown module \"nope\"\n");
  EXPECT_EQ(get("/probe?target=x", "soon").status, 500);
  EXPECT_THAT(get("/metrics").body, HasSubstr("\nblackbox_module_unknown_total 1\n"));
}

TEST_F(ProbeEndpointTest, RemembersForLogs) {
  get("/probe?target=" + target());
  const HttpResponse log = get("/logs?id=1");
  EXPECT_EQ(log.status, 200);
  EXPECT_THAT(log.body, AllOf(StartsWith("Logs for the probe:\n"), HasSubstr(target()),
                              HasSubstr("probe_success 1")));
  EXPECT_EQ(get("/probe?debug=true&target=" + target()).status, 200);
  EXPECT_EQ(get("/logs?id=2").status, 200);
  EXPECT_EQ(get("/logs?id=3").status, 404);
  EXPECT_EQ(get("/logs?id=x").status, 400);
  EXPECT_THAT(get("/").body,
              AllOf(HasSubstr("<a href=\"/logs?id=1\">"), HasSubstr("<a href=\"/logs?id=2\">")));
}

TEST_F(ProbeEndpointTest, TheNewestLogOfATarget) {
  const std::string url = "http://me:hush@" + target();
  get("/probe?target=" + url);
  get("/probe?module=tcp_connect&target=" + target());
  EXPECT_THAT(get("/logs?target=" + url).body, HasSubstr("prober: http"));
  EXPECT_THAT(get("/logs?module=tcp_connect&target=" + target()).body, HasSubstr("prober: tcp"));
  EXPECT_EQ(get("/logs?module=icmp&target=" + target()).status, 404);
  EXPECT_EQ(get("/logs?id=1&target=" + target()).status, 400);
  EXPECT_EQ(get("/logs?id=1&module=tcp_connect").status, 400);
}

TEST_F(ProbeEndpointTest, ShowsNoPassword) {
  const auto is_masked = AllOf(HasSubstr("me:xxxxx@"), Not(HasSubstr("hush")));
  for (const std::string& url : {"http://me:hush@" + target(), "me:hush@" + target(),
                                 std::string("http://me:hush@host:port/")})
    EXPECT_THAT(get("/probe?debug=true&target=" + url).body, is_masked) << url;
  for (const char* page : {"/logs?id=1", "/logs?id=3", "/"})
    EXPECT_THAT(get(page).body, is_masked) << page;
}

TEST_F(ProbeEndpointTest, BeyondTheBoundItSaysSoAtOnce) {
  const auto hanging = hang_all();
  const HttpResponse refused = get("/probe?target=" + target());
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.header("Retry-After"), "1");
  EXPECT_THAT(refused.body, HasSubstr("limits.probes_on_demand"));
  EXPECT_THAT(get("/metrics").body,
              HasSubstr("\nselfheal_exporter_on_demand_probes_refused_total 1\n"));
  exporter_->stop();
}

TEST_F(ProbeEndpointTest, HangingProbesAndIdleClientsDoNotKeepMetricsWaiting) {
  std::vector<UniqueFd> idle;
  for (int i = 0; i < 48; ++i) idle.push_back(idle_client(exporter_->port()));
  const auto hanging = hang_all();
  const auto begun = clock_.steady_now();
  EXPECT_EQ(get("/metrics").status, 200);
  EXPECT_LT(clock_.steady_now() - begun, std::chrono::seconds(1));
  exporter_->stop();
}

TEST_F(ProbeEndpointTest, StoppingDoesNotWaitForProbes) {
  auto hanging = hang_all();
  const auto begun = clock_.steady_now();
  exporter_->stop();
  EXPECT_LT(clock_.steady_now() - begun, std::chrono::seconds(5));
  for (auto& one : hanging) EXPECT_EQ(one.get().status, 503);
}

}  // namespace
}  // namespace selfheal
