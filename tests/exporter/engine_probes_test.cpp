// The probes that go through Docker, against a real engine: commands in containers, HEALTHCHECKs.
#include "tests/exporter/engine_fixture.h"

namespace selfheal {
namespace {

using testing::HasSubstr;

using EngineProbes = EngineFixture;

// The sample app's own check takes up to 2 s.
constexpr const char* kExecProbe =
    "--label selfheal.enable=true --label selfheal.probe='exec:/sample-app --healthcheck' "
    "--label selfheal.timeout=1s";

TEST_F(EngineProbes, ACommandPassesAndFailsByItsExitStatus) {
  run(kExecProbe);
  ASSERT_TRUE(becomes_healthy());
  ask_app("/break?mode=error");
  ASSERT_TRUE(becomes("selfheal_probe_healthy", 0));
  EXPECT_EQ(value("selfheal_probe_last_failure_info", "reason=\"exec\""), 1);
  EXPECT_THAT(targets(), HasSubstr("exit status 1"));
  ask_app("/fix");
  EXPECT_TRUE(becomes_healthy());
}

TEST_F(EngineProbes, AMissingCommandIsToldForAPerson) {
  run("--label selfheal.enable=true --label selfheal.probe=exec:/nothing --label "
      "selfheal.timeout=3s");
  ASSERT_TRUE(becomes("selfheal_probe_last_failure_info", 1, "reason=\"exec\""));
  EXPECT_THAT(targets(), HasSubstr("/nothing"));
}

TEST_F(EngineProbes, AnUnhealthyVerdictSaysWhatTheCheckPrinted) {
  run("--label selfheal.enable=true --label selfheal.probe=docker: --label selfheal.timeout=3s "
      "--health-interval=200ms --health-retries=1");
  ASSERT_TRUE(becomes_healthy());
  ask_app("/break?mode=error");
  ASSERT_TRUE(becomes("selfheal_probe_healthy", 0));
  EXPECT_EQ(value("selfheal_probe_last_failure_info", "reason=\"unhealthy\""), 1);
  EXPECT_THAT(targets(), HasSubstr("HEALTHCHECK says unhealthy: exit status 1"));
}

}  // namespace
}  // namespace selfheal
