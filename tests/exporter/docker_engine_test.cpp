// The whole exporter against the real Docker Engine and the sample app: outages, stops, recoveries.
#include <future>

#include "tests/exporter/engine_fixture.h"

namespace selfheal {
namespace {

using DockerEngine = EngineFixture;

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
  EXPECT_TRUE(becomes("app_recovery_events_total", 1, kRestarted));
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
  EXPECT_TRUE(becomes("app_recovery_events_total", 1, kSpontaneous));
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

TEST_F(DockerEngine, AStopThatTakesItsTimeIsToldMeanwhileAndIsNoOutage) {
  run("--label selfheal.enable=true -e DRAIN=7");
  ASSERT_TRUE(becomes_healthy());
  EXPECT_EQ(value("selfheal_container_stopping_since_timestamp_seconds"), std::nullopt);
  const double before = to_unix_seconds(clock.wall_now());
  auto stop = std::async(std::launch::async, [this] { docker("stop " + name); });
  ASSERT_TRUE(becomes("selfheal_probe_healthy", 0));
  EXPECT_EQ(value("selfheal_container_state", "state=\"running\""), 1);
  EXPECT_GT(value("selfheal_container_stopping_since_timestamp_seconds"), before - 0.1);
  stop.get();
  ASSERT_TRUE(becomes("selfheal_container_state", 1, kExited));
  EXPECT_EQ(value("selfheal_container_stopping_since_timestamp_seconds"), std::nullopt);
  docker("start " + name);
  ASSERT_TRUE(becomes("selfheal_probe_consecutive_failures", 0));
  ASSERT_TRUE(becomes_healthy());
  EXPECT_EQ(value("app_recovery_events_total", kRestarted), 0);
  EXPECT_EQ(value("app_recovery_events_total", kSpontaneous), 0);
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
  DockerClient other_engine(*DockerFlags().address(), clock);
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
