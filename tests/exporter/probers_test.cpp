// The probers against a stub server on loopback and a fake Docker.
#include <future>

#include <gtest/gtest.h>

#include "exporter/probes/docker/docker_health_probe.h"
#include "exporter/probes/http/http_probe.h"
#include "exporter/probes/probe_runner.h"
#include "exporter/probes/tcp/tcp_probe.h"
#include "tests/exporter/eventually.h"
#include "tests/exporter/fake_docker.h"
#include "tests/exporter/nowhere.h"
#include "tests/exporter/samples.h"
#include "tests/exporter/stub_server.h"

namespace selfheal {
namespace {

class Probers : public testing::Test {
 protected:
  static ProbeSpec spec(ProbeKind kind, int port) {
    ProbeSpec spec;
    spec.module = ModuleSet().default_for(kind);
    spec.name = "default";
    spec.url = {kind, kind == ProbeKind::http ? "http" : "tcp", "", port, "/health", {}};
    spec.settings.timeout = Milliseconds(300);
    spec.container_id = "id-web";
    if (kind != ProbeKind::docker) spec.endpoints = {{"127.0.0.1", port}};
    return spec;
  }

  // On a loop of its own, through the runner, as the probe loop does it.
  ProbeResult run(const ProbeSpec& wanted) {
    return run_each(wanted, {[] {}}).front();
  }
  // Again and again, after each of these.
  std::vector<ProbeResult> run_each(const ProbeSpec& wanted,
                                    const std::vector<std::function<void()>>& before) {
    EventLoop loop(clock);
    ProbeRunner runner(loop, docker);
    std::vector<ProbeResult> results;
    std::function<void()> next = [&] {
      const size_t done = results.size();
      if (done == before.size()) return loop.stop();
      before[done]();
      runner.start(1, wanted, [&](ProbeResult got) {
        results.push_back(std::move(got));
        EXPECT_FALSE(runner.running(1));
        loop.post(next);
      });
      EXPECT_EQ(results.size(), done) << "called back from within start()";
      EXPECT_TRUE(runner.running(1));
    };
    loop.post(next);
    loop.run();
    return results;
  }
  ProbeResult http(int port) { return run(spec(ProbeKind::http, port)); }

  SystemClock clock;
  FakeDocker docker;
};

std::string response(const std::string& status, const std::string& headers = "") {
  return "HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: 0\r\n\r\n";
}

TEST_F(Probers, HttpPassesOn2xx) {
  StubServer server(response("204 No Content"));
  const ProbeResult result = http(server.port());
  EXPECT_EQ(result.outcome, ProbeOutcome::passed) << result.detail;
  EXPECT_EQ(result.http_status, 204);
  EXPECT_GT(result.duration.count(), 0);
  EXPECT_EQ(server.last_request().find("GET /health HTTP/1.1\r\n"), 0U);
}

TEST_F(Probers, HttpFailsByStatus) {
  StubServer server(response("503 Service Unavailable"));
  const ProbeResult result = http(server.port());
  EXPECT_EQ(result.outcome, ProbeOutcome::failed);
  EXPECT_EQ(result.reason, ProbeReason::status);
  EXPECT_EQ(result.http_status, 503);
}

TEST_F(Probers, HttpFollowsRedirectsWithinReason) {
  StubServer target(response("200 OK"));
  StubServer server(response(
      "302 Found", "Location: http://127.0.0.1:" + std::to_string(target.port()) + "/\r\n"));
  EXPECT_EQ(http(server.port()).outcome, ProbeOutcome::passed);
  StubServer circle;
  circle.set_answer(response("302 Found", "Location: /again\r\n"));
  EXPECT_EQ(http(circle.port()).outcome, ProbeOutcome::failed);
  EXPECT_LE(circle.connections(), 12);
}

TEST_F(Probers, HttpTellsTimeoutRefusedAndReset) {
  StubServer server;
  server.set_mode(StubServer::Mode::hang);
  const ProbeResult hang = http(server.port());
  EXPECT_EQ(hang.reason, ProbeReason::timeout);
  EXPECT_TRUE(hang.connected);
  EXPECT_GE(hang.duration, std::chrono::milliseconds(295));
  EXPECT_LT(hang.duration, std::chrono::milliseconds(600));
  server.set_mode(StubServer::Mode::reset);
  EXPECT_EQ(http(server.port()).reason, ProbeReason::reset);
  EXPECT_EQ(http(StubServer::refused_port()).reason, ProbeReason::refused);
}

TEST_F(Probers, HttpTellsNonsense) {
  StubServer server("this is not HTTP\r\n\r\n");
  const ProbeResult result = http(server.port());
  EXPECT_EQ(result.outcome, ProbeOutcome::failed);
  EXPECT_EQ(result.reason, ProbeReason::protocol) << to_string(result.reason);
}

TEST_F(Probers, TcpConnects) {
  StubServer server;
  EXPECT_EQ(run(spec(ProbeKind::tcp, server.port())).outcome, ProbeOutcome::passed);
  const ProbeResult refused = run(spec(ProbeKind::tcp, StubServer::refused_port()));
  EXPECT_EQ(refused.reason, ProbeReason::refused);
  EXPECT_NE(refused.detail.find("127.0.0.1"), std::string::npos);
}

TEST_F(Probers, WithoutAnAddressItIsUnreachable) {
  ProbeSpec lost = spec(ProbeKind::http, 80);
  lost.endpoints.clear();
  EXPECT_EQ(run(lost).reason, ProbeReason::unreachable);
  lost.endpoints = {{"not an address", 80}};
  lost.url.kind = ProbeKind::tcp;
  EXPECT_EQ(run(lost).reason, ProbeReason::unreachable);
}

TEST_F(Probers, AmongSeveralAddressesTheOneThatAnswersIsProbed) {
  StubServer server;
  ProbeSpec several = spec(ProbeKind::http, server.port());
  several.endpoints = {{"not an address", 80}, {"127.0.0.1", server.port()}};
  EXPECT_EQ(run(several).outcome, ProbeOutcome::passed);
}

// As the exporter's own loopback does, where a published port is looked for in vain.
TEST_F(Probers, AnAddressThatRefusesIsTriedForTheMomentOnly) {
  Nowhere own;
  ProbeSpec several = spec(ProbeKind::tcp, own.endpoint().port);
  several.endpoints = {own.endpoint(), {"127.0.0.1", StubServer::refused_port()}};
  const auto results = run_each(several, {[] {}, [&] { own.answer(); }});
  EXPECT_EQ(results[0].reason, ProbeReason::refused);
  EXPECT_EQ(results[1].outcome, ProbeOutcome::passed) << results[1].detail;
}

// Docker's proxy takes connections for what has stopped taking any.
TEST_F(Probers, WhereAConnectionIsAllThatIsAskedForTheAddressThatHadOneStays) {
  StubServer proxy;
  Nowhere own;
  ProbeSpec several = spec(ProbeKind::tcp, own.endpoint().port);
  several.endpoints = {own.endpoint(), {"127.0.0.1", proxy.port()}};
  own.answer();
  const auto results = run_each(several, {[] {}, [&] { own.hang(); }, [] {}});
  EXPECT_EQ(results[0].outcome, ProbeOutcome::passed);
  EXPECT_EQ(results[1].reason, ProbeReason::timeout);
  EXPECT_EQ(results[2].reason, ProbeReason::timeout);
}

TEST_F(Probers, DockersVerdict) {
  ContainerDetails web = running_container("web");
  const auto verdict = [&](ContainerHealth health) {
    web.health = health;
    docker.set(web);
    return run(spec(ProbeKind::docker, 0));
  };
  EXPECT_EQ(verdict(ContainerHealth::healthy).outcome, ProbeOutcome::passed);
  EXPECT_EQ(verdict(ContainerHealth::starting).outcome, ProbeOutcome::inconclusive);
  const ProbeResult sick = verdict(ContainerHealth::unhealthy);
  EXPECT_EQ(sick.outcome, ProbeOutcome::failed);
  EXPECT_EQ(sick.reason, ProbeReason::unhealthy);
  docker.set_down(true);
  EXPECT_EQ(run(spec(ProbeKind::docker, 0)).outcome, ProbeOutcome::inconclusive);
}

TEST_F(Probers, ACancelledProbeDoesNotCallBack) {
  StubServer server;
  server.set_mode(StubServer::Mode::hang);
  EventLoop loop(clock);
  ProbeRunner runner(loop, docker);
  loop.post([&] {
    const auto never = [](const ProbeResult&) { FAIL(); };
    runner.start(1, spec(ProbeKind::http, server.port()), never);
    runner.start(2, spec(ProbeKind::tcp, server.port()), never);
    runner.start(3, spec(ProbeKind::docker, 0), never);
    ProbeSpec several = spec(ProbeKind::http, server.port());
    several.endpoints.push_back({"127.0.0.1", server.port() + 1});
    runner.start(4, several, never);
    for (TargetId id = 1; id <= 4; ++id) runner.forget(id);
    EXPECT_EQ(runner.in_flight(), 0U);
    loop.after(Milliseconds(400), [&] { loop.stop(); });
  });
  loop.run();
}

}  // namespace
}  // namespace selfheal
