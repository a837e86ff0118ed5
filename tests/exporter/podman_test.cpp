// The exporter and Podman's compatible API. Started by podman_test.sh, which starts the service.
//
// Containers are in the host's network: Podman's own networks want more packages than this.
#include "tests/exporter/engine_fixture.h"

namespace selfheal {
namespace {

using testing::HasSubstr;

class Podman : public EngineFixture {
 protected:
  Podman() : EngineFixture(Milliseconds(1'000)) {}  // it loses some of its events
  void run_on(int port, const std::string& options) {
    const std::string text = std::to_string(port);
    run("--network host -e PORT=" + text + " --label selfheal.enable=true " + options);
    app = "http://127.0.0.1:" + text;
  }
  // No systemd, no timer for checks: made by hand, as often as the verdict takes.
  bool becomes_by_checks(const std::string& metric, double wanted) {
    return eventually(
        [&] {
          check_health();
          return value(metric) == wanted;
        },
        std::chrono::seconds(20));
  }
  void check_health() {
    const std::string podman = from_environment("SELFHEAL_TEST_PODMAN", "podman");
    const std::string command = podman + " healthcheck run " + name + " >/dev/null 2>&1";
    static_cast<void>(std::system(command.c_str()));
  }
  std::string app;
};

TEST_F(Podman, ContainersAreSeenProbedAndRestarted) {
  run_on(18101, "--label selfheal.probe=http://:18101/health");
  ASSERT_TRUE(becomes_healthy());
  fetch(app + "/break?mode=error", "POST");
  ASSERT_TRUE(becomes("selfheal_probe_healthy", 0));
  docker("restart -t 1 " + name);
  ASSERT_TRUE(becomes_healthy());
  EXPECT_TRUE(becomes("app_recovery_events_total", 1, kRestarted));
  EXPECT_TRUE(becomes("selfheal_container_restarts_total", 1, "cause=\"api\""));
}

TEST_F(Podman, AStopWasRequestedAndACrashWasNot) {
  run_on(18102, "--label selfheal.probe=http://:18102/health");
  ASSERT_TRUE(becomes_healthy());
  for (int round = 0; round < 4; ++round) {  // Podman loses some of these events
    docker("stop -t 1 " + name);
    ASSERT_TRUE(becomes("selfheal_container_state", 1, kExited));
    EXPECT_EQ(value("selfheal_container_stop_requested"), 1);
    docker("start " + name);
    ASSERT_TRUE(becomes("selfheal_container_state", 1, "state=\"running\""));
    ASSERT_TRUE(becomes("selfheal_probe_success", 1));
  }
  fetch(app + "/break?mode=crash", "POST");
  ASSERT_TRUE(becomes("selfheal_container_state", 1, kExited));
  EXPECT_EQ(value("selfheal_container_stop_requested"), 0);
  docker("rm -f " + name);
  EXPECT_TRUE(eventually([&] { return !has_series(); }));
}

TEST_F(Podman, TheHealthchecksVerdictIsHeard) {
  run_on(18103, "--label selfheal.probe=docker: --label selfheal.timeout=3s");
  ASSERT_TRUE(becomes("selfheal_container_state", 1, "state=\"running\""));
  ASSERT_TRUE(becomes_by_checks("selfheal_probe_healthy", 1));
  EXPECT_TRUE(becomes("selfheal_container_health", 1, "status=\"healthy\""));
  fetch(app + "/break?mode=error", "POST");
  ASSERT_TRUE(becomes_by_checks("selfheal_probe_success", 0));
  EXPECT_EQ(value("selfheal_probe_last_failure_info", "reason=\"unhealthy\""), 1);
}

TEST_F(Podman, CommandsAreRun) {
  run_on(18104,
         "--label selfheal.probe='exec:/sample-app --healthcheck' --label selfheal.timeout=3s");
  ASSERT_TRUE(becomes_healthy());
  fetch(app + "/break?mode=error", "POST");
  ASSERT_TRUE(becomes("selfheal_probe_success", 0));
  EXPECT_EQ(value("selfheal_probe_last_failure_info", "reason=\"exec\""), 1);
  EXPECT_THAT(targets(), HasSubstr("exit status 1"));
}

TEST_F(Podman, MemoryIsRead) {
  run_on(18105, "--label selfheal.probe=http://:18105/health --label selfheal.memory=true");
  ASSERT_TRUE(becomes_healthy());
  EXPECT_TRUE(eventually([&] { return value("selfheal_container_memory_usage_bytes") > 0; }));
}

}  // namespace
}  // namespace selfheal
