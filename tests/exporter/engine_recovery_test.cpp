// Outages of real containers: counted once, their cause told apart, dependencies probed at once.
#include "tests/exporter/engine_fixture.h"

namespace selfheal {
namespace {

using EngineRecovery = EngineFixture;

constexpr const char* kTwoProbes =
    "--label selfheal.enable=true --label selfheal.probe=http://:8080/health "
    "--label selfheal.probe.root=http://:8080/ ";

TEST_F(EngineRecovery, ProbesThatFailTogetherAreOneOutage) {
  run(kTwoProbes);
  ASSERT_TRUE(becomes("selfheal_probe_healthy", 1, "probe=\"default\""));
  ASSERT_TRUE(becomes("selfheal_probe_healthy", 1, "probe=\"root\""));
  for (int outage = 1; outage <= 2; ++outage) {
    ask_app("/break?mode=error");
    ASSERT_TRUE(becomes("selfheal_probe_healthy", 0, "probe=\"default\""));
    ASSERT_TRUE(becomes("selfheal_probe_healthy", 0, "probe=\"root\""));
    docker("restart -t 1 " + name);
    ASSERT_TRUE(becomes("selfheal_probe_healthy", 1, "probe=\"default\""));
    ASSERT_TRUE(becomes("selfheal_probe_healthy", 1, "probe=\"root\""));
    EXPECT_TRUE(becomes("app_recovery_events_total", outage, kRestarted));
  }
  ask_app("/break?mode=error");
  ASSERT_TRUE(becomes("selfheal_probe_healthy", 0, "probe=\"root\""));
  ask_app("/fix");
  EXPECT_TRUE(becomes("app_recovery_events_total", 1, kSpontaneous));
  EXPECT_EQ(value("app_recovery_events_total", kRestarted), 2);
}

TEST_F(EngineRecovery, OnTheFirstFailureTheDependenciesAreProbedAtOnce) {
  const std::string group = name + "-database";
  run("--label selfheal.enable=true --label selfheal.interval=1h --label "
      "selfheal.edge-interval=200ms "
      "--label selfheal.group=" +
          group,
      "-db");
  run("--label selfheal.enable=true --label selfheal.depends-on=" + group);
  ASSERT_TRUE(becomes_healthy());
  ASSERT_TRUE(becomes_healthy("-db"));
  ASSERT_TRUE(becomes("selfheal_container_depends_on", 1, "dependency=\"" + group + "\""));
  const auto attempts = value("selfheal_probe_attempts_total", "", "-db");
  ask_app("/break?mode=error");
  ASSERT_TRUE(
      eventually([&] { return value("selfheal_probe_failing_since_timestamp_seconds") > 0; }));
  EXPECT_TRUE(eventually([&] {
    return value("selfheal_probe_last_success_timestamp_seconds", "", "-db") >
           value("selfheal_probe_failing_since_timestamp_seconds");
  }));
  EXPECT_GT(value("selfheal_probe_attempts_total", "", "-db"), attempts);
}

TEST_F(EngineRecovery, ARecreatedContainerThatIsWellAgainIsARestartedRecovery) {
  run();
  ASSERT_TRUE(becomes_healthy());
  ask_app("/break?mode=error");
  ASSERT_TRUE(becomes("selfheal_probe_healthy", 0));
  docker("rm -f " + name);
  run();
  ASSERT_TRUE(becomes_healthy());
  EXPECT_TRUE(becomes("app_recovery_events_total", 1, kRestarted));
}

}  // namespace
}  // namespace selfheal
