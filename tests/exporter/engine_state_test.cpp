// The state of containers, against a real engine: restarts by cause, what is stopped,
// dependencies. OOM kills and memory are in private_engine_test.cpp: an engine sees them only where
// all of its cgroups are mounted.
#include "tests/exporter/engine_fixture.h"

namespace selfheal {
namespace {

using EngineState = EngineFixture;

const char* const kPolicy = "cause=\"policy\"";
const char* const kApi = "cause=\"api\"";

TEST_F(EngineState, RestartsAreToldApartByTheirCause) {
  run("--label selfheal.enable=true --restart always");
  ASSERT_TRUE(becomes_healthy());
  ask_app("/break?mode=crash");
  ASSERT_TRUE(becomes("selfheal_container_restarts_total", 1, kPolicy));
  ASSERT_TRUE(becomes("app_recovery_events_total", 1, kRestarted));
  docker("restart -t 1 " + name);
  ASSERT_TRUE(becomes("selfheal_container_restarts_total", 1, kApi));
  ASSERT_TRUE(becomes("selfheal_probe_success", 1));
  ask_app("/break?mode=crash");
  ASSERT_TRUE(becomes("selfheal_container_restarts_total", 2, kPolicy));
  EXPECT_EQ(value("selfheal_container_restarts_total", kApi), 1);
}

TEST_F(EngineState, OneThatNeverRanIsShown) {
  docker("create --name " + name + "-new --label selfheal.test-run=" +
         from_environment("SELFHEAL_TEST_RUN", "exporter-test") + " --label selfheal.enable=true " +
         from_environment("SELFHEAL_TEST_IMAGE", "selfheal.invalid/sample-app:dev"));
  made.push_back(name + "-new");
  ASSERT_TRUE(becomes("selfheal_container_state", 1, "state=\"created\"", "-new"));
  EXPECT_EQ(value("selfheal_container_stop_requested", "", "-new"), 0);
  EXPECT_FALSE(value("selfheal_container_start_time_seconds", "", "-new"));
}

TEST_F(EngineState, DependenciesAreClosedOverGroupsAsComposeSaysThem) {
  const std::string compose =
      "--label selfheal.enable=true --label com.docker.compose.project=" + name +
      " --label com.docker.compose.";
  run(compose + "service=db", "-db");
  run(compose + "service=api --label com.docker.compose.depends_on=db:service_healthy:true",
      "-api");
  run(compose + "service=web --label com.docker.compose.depends_on=api:service_started", "-web");
  EXPECT_TRUE(
      becomes("selfheal_container_depends_on", 1, "dependency=\"" + name + "/db\"", "-web"));
  EXPECT_EQ(value("selfheal_container_depends_on", "dependency=\"" + name + "/api\"", "-web"), 1);
  EXPECT_EQ(value("selfheal_container_depends_on", "", "-db"), std::nullopt);
}

}  // namespace
}  // namespace selfheal
