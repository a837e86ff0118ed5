// What the exporter serves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/exporter/exporter_fixture.h"

namespace selfheal {
namespace {

using testing::HasSubstr;
using testing::Not;

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
