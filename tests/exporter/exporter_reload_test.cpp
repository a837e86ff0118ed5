// What a reload changes, and what it keeps.
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/exporter/exporter_fixture.h"

namespace selfheal {
namespace {

using testing::HasSubstr;
using testing::Not;

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

}  // namespace
}  // namespace selfheal
