// The whole exporter against the real Docker Engine and the sample app.
//
// DOCKER_HOST says which engine, SELFHEAL_TEST_IMAGE which image (default selfheal/sample-app:dev).
// Containers carry the label selfheal.test-run=$SELFHEAL_TEST_RUN and are removed by the test.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "common/base/flags.h"
#include "common/docker/docker_client.h"
#include "common/http/blocking_http_client.h"
#include "exporter/exporter.h"
#include "tests/exporter/eventually.h"

namespace selfheal {
namespace {

std::string from_environment(const char* name, const std::string& otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? otherwise : value;
}

// Through the command line, as a person would; what it prints.
std::string docker(const std::string& arguments) {
  const std::string command = "docker " + arguments + " 2>&1";
  FILE* output = popen(command.c_str(), "r");
  std::string text;
  std::array<char, 4096> piece{};
  while (fgets(piece.data(), static_cast<int>(piece.size()), output) != nullptr)
    text += piece.data();
  const int status = pclose(output);
  EXPECT_EQ(status, 0) << command << "\n" << text;
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

class DockerEngine : public testing::Test {
 protected:
  DockerEngine() {
    ExporterSettings settings;
    DiscoverySettings discovery;
    discovery.defaults.interval = Milliseconds(300);
    discovery.defaults.edge_interval = Milliseconds(100);
    discovery.defaults.timeout = Milliseconds(300);
    discovery.defaults.start_period = Milliseconds(2'000);
    settings.discovery = discovery;
    exporter = std::make_unique<Exporter>(
        ExporterOptions{"", {"127.0.0.1:0"}, "/metrics", false, default_docker_host()}, settings,
        clock, engine);
    const Outcome<> started = exporter->start();
    EXPECT_TRUE(started) << started.error().message;
    EXPECT_TRUE(eventually([&] { return exporter->ready(); }));
  }
  ~DockerEngine() override {
    if (!docker("ps -aq --filter name=^" + name + "$").empty()) docker("rm -f " + name);
  }

  void run(const std::string& options = "--label selfheal.enable=true") {
    docker("run -d --name " + name + " --label selfheal.test-run=" +
           from_environment("SELFHEAL_TEST_RUN", "exporter-test") + " " + options + " " +
           from_environment("SELFHEAL_TEST_IMAGE", "selfheal/sample-app:dev"));
  }

  std::string metrics() {
    return fetch("http://127.0.0.1:" + std::to_string(exporter->port()) + "/metrics");
  }
  std::string fetch(const std::string& url, const std::string& method = "GET") {
    HttpRequest request;
    request.method = method;
    request.url = url;
    const HttpResult answer = client.fetch(std::move(request));
    return answer ? answer->body : "";
  }
  // The sample app, at the container's own address.
  void ask_app(const std::string& path) {
    const auto details = engine.inspect(name);
    ASSERT_TRUE(details) << details.error().message;
    fetch("http://" + details->networks.at(0).ipv4 + ":8080" + path, "POST");
  }

  // The value of the container's series of that name with `label` among its labels.
  std::optional<double> value(const std::string& metric, const std::string& label = "") {
    const std::string all = metrics();
    for (size_t begin = 0; begin < all.size();) {
      const size_t end = all.find('\n', begin);
      const std::string line = all.substr(begin, end - begin);
      begin = end + 1;
      if (line.rfind(metric + "{", 0) != 0) continue;
      if (line.find("container=\"" + name + "\"") == std::string::npos) continue;
      if (line.find(label) == std::string::npos) continue;
      return std::stod(line.substr(line.rfind(' ')));
    }
    return std::nullopt;
  }
  bool becomes(const std::string& metric, double wanted, const std::string& label = "") {
    return eventually([&] { return value(metric, label) == wanted; }, std::chrono::seconds(20));
  }
  bool becomes_healthy() { return becomes("selfheal_probe_healthy", 1); }
  bool has_series() { return metrics().find("container=\"" + name + "\"") != std::string::npos; }

  const std::string name = "selfheal-exporter-test-" + std::to_string(getpid());
  SystemClock clock;
  DockerClient engine{*parse_docker_host(default_docker_host()), clock};
  BlockingHttpClient client{clock, "test"};
  std::unique_ptr<Exporter> exporter;
};

const char* const kExited = "state=\"exited\"";
const char* const kRestarted = "cause=\"restarted\"";

TEST_F(DockerEngine, DiscoversFailsAndRecoversByARestart) {
  run();
  ASSERT_TRUE(becomes_healthy());
  EXPECT_EQ(value("app_recovery_events_total", kRestarted), 0);
  ask_app("/break?mode=error");
  ASSERT_TRUE(becomes("selfheal_probe_healthy", 0));
  EXPECT_GE(value("selfheal_probe_consecutive_failures"), 3);
  EXPECT_GT(value("selfheal_probe_failing_since_timestamp_seconds"), 0);
  EXPECT_EQ(value("selfheal_probe_last_failure_info", "reason=\"status\""), 1);
  EXPECT_EQ(value("selfheal_probe_http_status_code"), 500);
  docker("restart " + name);
  ASSERT_TRUE(becomes_healthy());
  EXPECT_EQ(value("selfheal_probe_consecutive_failures"), 0);
  EXPECT_EQ(value("selfheal_probe_failing_since_timestamp_seconds"), 0);
  EXPECT_EQ(value("app_recovery_events_total", kRestarted), 1);
  EXPECT_EQ(value("app_recovery_events_total", "cause=\"spontaneous\""), 0);
  EXPECT_EQ(value("selfheal_container_restarts_total", "cause=\"api\""), 1);
  EXPECT_EQ(value("selfheal_container_restarts_total", "cause=\"policy\""), 0);
}

TEST_F(DockerEngine, AHangIsATimeoutAndFixingItIsSpontaneous) {
  run();
  ASSERT_TRUE(becomes_healthy());
  ask_app("/break?mode=hang");
  ASSERT_TRUE(becomes("selfheal_probe_healthy", 0));
  EXPECT_EQ(value("selfheal_probe_last_failure_info", "reason=\"timeout\""), 1);
  ask_app("/fix");
  ASSERT_TRUE(becomes_healthy());
  EXPECT_EQ(value("app_recovery_events_total", "cause=\"spontaneous\""), 1);
  EXPECT_EQ(value("app_recovery_events_total", kRestarted), 0);
}

TEST_F(DockerEngine, ACrashWasNotRequested) {
  run();
  ASSERT_TRUE(becomes_healthy());
  ask_app("/break?mode=crash");
  ASSERT_TRUE(becomes("selfheal_container_state", 1, kExited));
  EXPECT_EQ(value("selfheal_container_stop_requested"), 0);
  EXPECT_NE(value("selfheal_container_exit_code"), 0);
  EXPECT_TRUE(value("selfheal_probe_healthy"));  // held
  docker("start " + name);
  EXPECT_TRUE(becomes("app_recovery_events_total", 1, kRestarted));
}

TEST_F(DockerEngine, ACrashThatThePolicyMendsIsARecovery) {
  run("--label selfheal.enable=true --restart always");
  ASSERT_TRUE(becomes_healthy());
  ask_app("/break?mode=crash");
  EXPECT_TRUE(becomes("app_recovery_events_total", 1, kRestarted));
  EXPECT_EQ(value("selfheal_container_restarts_total", "cause=\"policy\""), 1);
  EXPECT_EQ(value("selfheal_container_restarts_total", "cause=\"api\""), 0);
}

TEST_F(DockerEngine, AStopWasRequested) {
  run();
  ASSERT_TRUE(becomes_healthy());
  docker("stop " + name);
  ASSERT_TRUE(becomes("selfheal_container_state", 1, kExited));
  EXPECT_EQ(value("selfheal_container_stop_requested"), 1);
  docker("start " + name);
  ASSERT_TRUE(becomes("selfheal_container_state", 0, kExited));
  EXPECT_EQ(value("selfheal_container_stop_requested"), 0);
  ASSERT_TRUE(becomes("selfheal_probe_consecutive_failures", 0));
  EXPECT_EQ(value("app_recovery_events_total", kRestarted), 0);
}

TEST_F(DockerEngine, AKillThroughTheApiWasRequested) {
  run();
  ASSERT_TRUE(becomes_healthy());
  docker("kill " + name);
  ASSERT_TRUE(becomes("selfheal_container_state", 1, kExited));
  EXPECT_EQ(value("selfheal_container_exit_code"), 137);
  EXPECT_EQ(value("selfheal_container_stop_requested"), 1);
}

TEST_F(DockerEngine, RemovedIsGoneAndRecreatedGoesOn) {
  run();
  ASSERT_TRUE(becomes_healthy());
  const auto started_at = value("selfheal_container_start_time_seconds");
  docker("restart " + name);
  ASSERT_TRUE(becomes("selfheal_container_restarts_total", 1, "cause=\"api\""));
  docker("rm -f " + name);
  ASSERT_TRUE(eventually([&] { return !has_series(); }));
  run();
  ASSERT_TRUE(becomes_healthy());
  EXPECT_GT(value("selfheal_container_start_time_seconds"), started_at);
  EXPECT_EQ(value("selfheal_container_restarts_total", "cause=\"api\""), 1);
}

TEST_F(DockerEngine, TheHealthcheckAndThePublishedPortAreProbed) {
  run("--label monitored=true --label selfheal.probe=docker: --label "
      "selfheal.probe.web=http://:8080/health "
      "--health-interval=200ms -p 127.0.0.1::8080");
  EXPECT_TRUE(becomes("selfheal_probe_healthy", 1, "probe=\"web\""));
  EXPECT_TRUE(becomes("selfheal_probe_healthy", 1, "probe=\"default\""));
  EXPECT_TRUE(becomes("selfheal_container_health", 1, "status=\"healthy\""));
}

TEST_F(DockerEngine, PausedIsNotProbed) {
  run();
  ASSERT_TRUE(becomes_healthy());
  docker("pause " + name);
  ASSERT_TRUE(becomes("selfheal_container_state", 1, "state=\"paused\""));
  const auto failures = value("selfheal_probe_consecutive_failures");
  docker("unpause " + name);
  ASSERT_TRUE(becomes("selfheal_container_state", 1, "state=\"running\""));
  EXPECT_EQ(failures, 0);
}

TEST_F(DockerEngine, WhatWasStoppedBeforeTheExporterCameIsJudgedByDockersHistory) {
  run();
  ASSERT_TRUE(becomes_healthy());
  ask_app("/break?mode=crash");
  ASSERT_TRUE(becomes("selfheal_container_state", 1, kExited));
  DockerClient other_engine(*parse_docker_host(default_docker_host()), clock);
  Exporter other({"", {"127.0.0.1:0"}, "/metrics", false, ""}, {}, clock, other_engine);
  ASSERT_TRUE(other.start());
  ASSERT_TRUE(eventually([&] { return other.ready(); }));
  const std::string text = fetch("http://127.0.0.1:" + std::to_string(other.port()) + "/metrics");
  EXPECT_THAT(text, testing::HasSubstr("selfheal_container_stop_requested{host=\""));
  EXPECT_THAT(text, testing::ContainsRegex("stop_requested.*" + name + ".* 0\n"));
}

TEST_F(DockerEngine, WhoDidNotOptInIsNotSeen) {
  run("");
  docker("restart " + name);
  EXPECT_FALSE(has_series());
}

}  // namespace
}  // namespace selfheal
