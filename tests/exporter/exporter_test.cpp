// The whole exporter in-process, on a fake Docker and a port of the kernel's choice.
#include "exporter/exporter.h"

#include <cstdio>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "common/http/blocking_http_client.h"
#include "tests/exporter/eventually.h"
#include "tests/exporter/fake_docker.h"
#include "tests/exporter/samples.h"
#include "tests/exporter/stub_server.h"

namespace selfheal {
namespace {

using testing::HasSubstr;
using testing::Not;

class ExporterTest : public testing::Test {
 protected:
  ExporterTest() { write_config("defaults: {interval: 100ms, timeout: 90ms}\n"); }
  ~ExporterTest() override { std::remove(config_file.c_str()); }

  void write_config(const std::string& yaml) { std::ofstream(config_file) << yaml; }
  void create(bool lifecycle = true) {
    ExporterOptions options{config_file, {"127.0.0.1:0"}, "/metrics", lifecycle, "unix:///fake"};
    options.web_gate = gate;
    exporter = std::make_unique<Exporter>(options, *read_config(config_file), clock, docker);
  }
  void start(bool lifecycle = true) {
    create(lifecycle);
    const Outcome<> started = exporter->start();
    ASSERT_TRUE(started) << started.error().message;
  }
  HttpResponse ask(const std::string& method, const std::string& path) {
    HttpRequest request;
    request.method = method;
    request.url = "http://127.0.0.1:" + std::to_string(exporter->port()) + path;
    const HttpResult answer = client.fetch(std::move(request));
    return answer ? *answer : HttpResponse{};
  }
  HttpResponse get(const std::string& path) { return ask("GET", path); }
  bool metrics_show(const std::string& line) {
    return eventually([&] { return get("/metrics").body.find(line) != std::string::npos; });
  }
  void add_web(Labels labels = {}) {
    labels["selfheal.probe"] = "http://:" + std::to_string(server.port()) + "/";
    ContainerDetails web = running_container("web", std::move(labels));
    web.networks = {{"n", "127.0.0.1", ""}};
    docker.set(web);
  }

  const std::string config_file =
      testing::TempDir() + "exporter-test-" + std::to_string(getpid()) + ".yml";
  SystemClock clock;
  FakeDocker docker;
  StubServer server;
  BlockingHttpClient client{clock, "test"};
  std::shared_ptr<WebGate> gate;
  std::unique_ptr<Exporter> exporter;
};

TEST_F(ExporterTest, ServesWhatItProbes) {
  add_web();
  start();
  EXPECT_TRUE(metrics_show(
      R"(selfheal_probe_success{host="host",container="web",group="web",probe="default"} 1)"));
  EXPECT_TRUE(metrics_show(R"(selfheal_exporter_docker_connected{host="host"} 1)"));
  const HttpResponse metrics = get("/metrics");
  EXPECT_EQ(metrics.header("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_THAT(metrics.body, HasSubstr("process_resident_memory_bytes"));
  EXPECT_THAT(metrics.body, HasSubstr("selfheal_exporter_build_info"));
  const auto targets = nlohmann::json::parse(get("/api/v1/targets").body)["targets"];
  ASSERT_EQ(targets.size(), 1U);
  EXPECT_EQ(targets[0]["container"], "web");
  EXPECT_EQ(targets[0]["probes"][0]["health"], "healthy");
  EXPECT_THAT(get("/").body, HasSubstr("<span class=\"state healthy\">healthy</span>"));
  EXPECT_EQ(get("/-/healthy").status, 200);
  EXPECT_EQ(get("/-/ready").status, 200);
  EXPECT_THAT(get("/config").body, HasSubstr("interval: 100ms"));
  EXPECT_EQ(get("/nowhere").status, 404);
}

TEST_F(ExporterTest, MetricsMayTakeThePlaceOfTheLandingPage) {
  const ExporterOptions options{config_file, {"127.0.0.1:0"}, "/", false, "unix:///fake"};
  exporter = std::make_unique<Exporter>(options, *read_config(config_file), clock, docker);
  ASSERT_TRUE(exporter->start());
  EXPECT_THAT(get("/").body, HasSubstr("selfheal_exporter_build_info"));
  EXPECT_EQ(get("/metrics").status, 404);
}

TEST_F(ExporterTest, MetricsTakeThePlaceOfNoOtherPage) {
  for (const char* taken : {"/config", "/probe", "/-/healthy", "/api/v1/targets"}) {
    const ExporterOptions options{config_file, {"127.0.0.1:0"}, taken, false, "unix:///fake"};
    Exporter refused(options, *read_config(config_file), clock, docker);
    const Outcome<> started = refused.start();
    ASSERT_FALSE(started) << taken;
    EXPECT_THAT(started.error().message, HasSubstr(std::string("--web.telemetry-path ") + taken));
  }
}

TEST_F(ExporterTest, ThePageLinksToTheLogsOfProbesOnDemand) {
  start();
  const std::string target = "http://127.0.0.1:" + std::to_string(server.port()) + "/";
  EXPECT_THAT(get("/probe?target=" + target).body, HasSubstr("probe_success 1"));
  EXPECT_THAT(get("/").body, HasSubstr("href=\"/logs?id=1\""));
  EXPECT_THAT(get("/logs?id=1").body, HasSubstr(target));
  EXPECT_THAT(get("/?q=%3Cscript%3E").body, HasSubstr("&lt;script&gt;"));
  EXPECT_THAT(get("/").header("Content-Security-Policy"), HasSubstr("default-src 'none'"));
}

TEST_F(ExporterTest, IsNotReadyBeforeDockerAnswered) {
  docker.set_down(true);
  start();
  const HttpResponse ready = get("/-/ready");
  EXPECT_EQ(ready.status, 503);
  EXPECT_THAT(ready.body, HasSubstr("unix:///fake"));
  EXPECT_TRUE(metrics_show(R"(selfheal_exporter_docker_connected{host="unix:///fake"} 0)"));
  docker.set_down(false);
  EXPECT_TRUE(eventually([&] { return get("/-/ready").status == 200; }));
  EXPECT_THAT(get("/metrics").body, Not(HasSubstr("unix:///fake")));
}

TEST_F(ExporterTest, StaysReadyWithoutDockerButSaysSo) {
  start();
  EXPECT_TRUE(eventually([&] { return get("/-/ready").body == "ready\n"; }));
  docker.set_down(true);
  EXPECT_TRUE(eventually([&] { return get("/-/ready").body != "ready\n"; }));
  EXPECT_EQ(get("/-/ready").status, 200);
  EXPECT_THAT(get("/-/ready").body, HasSubstr("Docker does not answer at unix:///fake"));
}

TEST_F(ExporterTest, ARenamedHostKeepsItsRecoveries) {
  const std::string web = R"({host="host",container="web",group="web",probe="default"} )";
  add_web({{"selfheal.edge-interval", "20ms"}});
  start();
  ASSERT_TRUE(metrics_show("selfheal_probe_healthy" + web + "1"));
  server.set_answer("HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n");
  ASSERT_TRUE(metrics_show("selfheal_probe_healthy" + web + "0"));
  server.set_answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  const std::string recoveries = "selfheal_recovery_duration_seconds_count";
  ASSERT_TRUE(metrics_show(recoveries + R"({host="host",cause="spontaneous"} 1)"));
  docker.set_down(true);
  ASSERT_TRUE(metrics_show(R"(selfheal_exporter_docker_connected{host="host"} 0)"));
  docker.set_host("renamed");
  add_web({{"selfheal.depends-on", "db"}});
  docker.set(exited(running_container("db", {{"selfheal.depends-on", "web"}}), 1, 0));
  docker.set_down(false);
  EXPECT_TRUE(metrics_show(R"(selfheal_exporter_docker_connected{host="renamed"} 1)"));
  EXPECT_TRUE(metrics_show(R"(selfheal_exporter_docker_connects_total{host="renamed"} 2)"));
  const std::string metrics = get("/metrics").body;
  EXPECT_THAT(metrics, HasSubstr(R"(selfheal_exporter_dependency_cycles{host="renamed"} 1)"));
  EXPECT_THAT(metrics, HasSubstr(recoveries + R"({host="renamed",cause="spontaneous"} 1)"));
  EXPECT_THAT(metrics, Not(HasSubstr(recoveries + R"({host="host")")));
}

TEST_F(ExporterTest, AReloadKeepsTheStateOfWhatDidNotChange) {
  add_web({{"selfheal.interval", "150ms"},
           {"selfheal.edge-interval", "50ms"},
           {"selfheal.timeout", "90ms"}});
  start();
  ASSERT_TRUE(
      metrics_show("selfheal_probe_healthy{host=\"host\",container=\"web\",group=\"web\","
                   "probe=\"default\"} 1"));
  write_config("defaults: {interval: 7s}\nlimits: {probes_in_flight: 5}\n");
  EXPECT_EQ(ask("POST", "/-/reload").status, 200);
  EXPECT_THAT(get("/config").body, HasSubstr("probes_in_flight: 5"));
  EXPECT_THAT(get("/metrics").body,
              HasSubstr("selfheal_probe_healthy{host=\"host\",container=\"web\",group=\"web\","
                        "probe=\"default\"} 1"));
}

TEST_F(ExporterTest, AFaultyFileChangesNothing) {
  start();
  write_config("defaults: {interval: often}\n");
  const HttpResponse refused = ask("POST", "/-/reload");
  EXPECT_EQ(refused.status, 500);
  EXPECT_THAT(refused.body, HasSubstr(":1: defaults.interval"));
  EXPECT_THAT(get("/config").body, HasSubstr("interval: 100ms"));
  EXPECT_TRUE(metrics_show("selfheal_exporter_config_last_reload_successful 0"));
  write_config("");
  EXPECT_TRUE(exporter->reload());  // what SIGHUP does
  EXPECT_TRUE(metrics_show("selfheal_exporter_config_last_reload_successful 1"));
}

TEST_F(ExporterTest, StaticTargetsAreProbedWithoutAnyDocker) {
  docker.set_down(true);
  write_config("targets: [{name: shop, url: 'http://127.0.0.1:" + std::to_string(server.port()) +
               "/', interval: 100ms, group: shops, labels: {team: blue}}]\n");
  start();
  EXPECT_TRUE(metrics_show(
      R"(selfheal_probe_success{target="shop",group="shops",team="blue",probe="default"} 1)"));
  const HttpResponse metrics = get("/metrics");
  EXPECT_THAT(metrics.body, Not(HasSubstr("selfheal_container_state{")));
  EXPECT_TRUE(eventually([&] { return get("/-/ready").status == 200; }));
  EXPECT_THAT(get("/config").body, HasSubstr("name: shop"));
}

TEST_F(ExporterTest, ATargetThatAReloadBringsMakesItReadyWithoutDocker) {
  docker.set_down(true);
  start();
  EXPECT_EQ(get("/-/ready").status, 503);
  write_config("targets: [{name: shop, url: 'http://127.0.0.1:" + std::to_string(server.port()) +
               "/', interval: 100ms}]\n");
  ASSERT_TRUE(exporter->reload());
  EXPECT_TRUE(eventually([&] { return get("/-/ready").status == 200; }));
}

TEST_F(ExporterTest, AReloadKeepsTargetsThatDidNotChangeAndTheirCounts) {
  const std::string url = "http://127.0.0.1:" + std::to_string(server.port()) + "/";
  const auto target = [&](const std::string& name, const std::string& more = "") {
    return "{name: " + name + ", url: '" + url + "', interval: 100ms, timeout: 90ms" + more + "}";
  };
  const auto attempts = [&](const std::string& name) {
    const std::string all = get("/metrics").body;
    const std::string series = "selfheal_probe_attempts_total{target=\"" + name + "\"";
    const size_t at = all.find(series);
    return at == std::string::npos ? -1 : std::stoi(all.substr(all.find("} ", at) + 2));
  };
  write_config("targets: [" + target("stays") + "," + target("goes") + "]\n");
  start();
  ASSERT_TRUE(eventually([&] { return attempts("stays") >= 5; }));
  write_config("targets: [" + target("comes") + "," + target("stays", ", failure_threshold: 9") +
               "]\nlimits: {probes_in_flight: 7}\n");
  const int before = attempts("stays");
  ASSERT_TRUE(exporter->reload());
  EXPECT_TRUE(eventually([&] { return attempts("comes") > 0 && attempts("goes") < 0; }));
  EXPECT_GE(attempts("stays"), before);
  EXPECT_TRUE(metrics_show(
      R"(selfheal_probe_failure_threshold{target="stays",group="stays",probe="default"} 9)"));
  EXPECT_THAT(
      get("/metrics").body,
      HasSubstr(R"(selfheal_probe_healthy{target="stays",group="stays",probe="default"} 1)"));
}

TEST_F(ExporterTest, AReloadWhileItStartsLosesNothing) {
  const auto targets = [&](const std::string& name) {
    return "targets: [{name: " + name +
           ", url: 'http://127.0.0.1:" + std::to_string(server.port()) + "/', interval: 100ms}]\n";
  };
  write_config(targets("before"));
  create();
  write_config(targets("after"));
  std::thread reloading([&] { EXPECT_TRUE(exporter->reload()); });
  const Outcome<> started = exporter->start();
  reloading.join();
  ASSERT_TRUE(started) << started.error().message;
  EXPECT_TRUE(metrics_show("selfheal_probe_success{target=\"after\""));
  EXPECT_THAT(get("/metrics").body, Not(HasSubstr("\"before\"")));
}

TEST_F(ExporterTest, AnOverrideIsTakenUpByAReload) {
  add_web();
  start();
  ASSERT_TRUE(metrics_show(R"(selfheal_probe_interval_seconds{host="host",container="web",)"));
  write_config("overrides: [{container: web, labels: {selfheal.interval: 31s}}]\n");
  ASSERT_TRUE(exporter->reload());
  EXPECT_TRUE(
      metrics_show("selfheal_probe_interval_seconds{host=\"host\",container=\"web\",group=\"web\","
                   "probe=\"default\"} 31"));
}

TEST_F(ExporterTest, AWebConfigurationThatGoesBadShowsInTheMetric) {
  const std::string web_file = config_file + ".web";
  const auto write = [&](const std::string& yaml) { std::ofstream(web_file) << yaml; };
  write("");
  gate = *WebGate::open(web_file, clock);
  start();
  EXPECT_TRUE(metrics_show("selfheal_exporter_web_config_last_reload_successful 1"));
  write("basic_auth_users: {alice: topsecret}");
  EXPECT_TRUE(metrics_show("selfheal_exporter_web_config_last_reload_successful 0"));
  const std::string hash = "$2y$04$.qwtqX4XAjyN0r0nAPpze.xroZ.51ZU/eAuArsJtOYveR0VYWAA2u";
  write("basic_auth_users: {alice: " + hash + "}");
  EXPECT_EQ(get("/metrics").status, 401);
  std::remove(web_file.c_str());
}

TEST_F(ExporterTest, ReloadByWebNeedsTheFlag) {
  start(false);
  EXPECT_EQ(ask("POST", "/-/reload").status, 403);
}

TEST_F(ExporterTest, WhatContainersSayIsEscaped) {
  add_web({{"selfheal.group", "<script>\"\n"}});
  start();
  ASSERT_TRUE(metrics_show(R"(group="<script>\"\n")"));
  EXPECT_THAT(get("/").body, Not(HasSubstr("<script>")));
  EXPECT_TRUE(nlohmann::json::accept(get("/api/v1/targets").body));
}

TEST_F(ExporterTest, LabelErrorsAreCounted) {
  add_web({{"selfheal.timeout", "long"}});
  start();
  EXPECT_TRUE(
      metrics_show(R"(selfheal_exporter_label_errors_total{host="host",container="web"} 1)"));
}

TEST_F(ExporterTest, APortThatIsTakenIsAnError) {
  start();
  Exporter second({"", {"127.0.0.1:" + std::to_string(exporter->port())}, "/metrics", false, ""},
                  {}, clock, docker);
  const Outcome<> started = second.start();
  ASSERT_FALSE(started);
  EXPECT_THAT(started.error().message, HasSubstr(std::to_string(exporter->port())));
}

}  // namespace
}  // namespace selfheal
