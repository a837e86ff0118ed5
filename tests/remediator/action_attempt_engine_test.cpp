// A stop and a command as attempts, on the real engine.
#include "tests/remediator/docker_yard.h"
#include "tests/remediator/engine_workshop.h"
#include "tests/support/temp_folder.h"

namespace selfheal {
namespace {

using testing::HasSubstr;

class ActionAttemptEngine : public DockerYard {
 protected:
  // One that asks for the action, its service up.
  std::string run_one(const std::string& action) {
    const std::string id =
        run("--restart always --no-healthcheck --label selfheal.enable=true "
            "--label 'selfheal.action=" +
            action + "'");
    EXPECT_TRUE(serves(name));
    return id;
  }
  EngineWorkshop process() {
    return EngineWorkshop(engine, prometheus_, folder_.path("journal.db"), name);
  }

  TempFolder folder_;
  FakePrometheus prometheus_;
};

TEST_F(ActionAttemptEngine, AStopLeavesItDown) {
  const std::string id = run_one("stop");
  auto workshop = process();
  workshop.fire();
  ASSERT_TRUE(workshop.run_to_the_end(IncidentOutcome::stopped));
  EXPECT_EQ(workshop.last_attempt().result, AttemptResult::stopped);
  EXPECT_EQ(engine.inspect(id)->state, ContainerState::exited);
}

TEST_F(ActionAttemptEngine, ACommandIsRunAndProved) {
  const std::string id = run_one("exec:/sample-app --healthcheck");
  const auto before = engine.inspect(id)->started_at;
  prometheus_.set([](FakePrometheus::State& state) { state.health = Health::proven; });
  auto workshop = process();
  workshop.fire();
  ASSERT_TRUE(workshop.run_to_the_end(IncidentOutcome::recovered));
  EXPECT_EQ(workshop.last_attempt().command, "/sample-app --healthcheck");
  EXPECT_EQ(engine.inspect(id)->started_at, before) << "it ran on";
}

TEST_F(ActionAttemptEngine, ACommandThatFailsSaysHow) {
  run_one("exec:/sample-app --no-such-flag");
  auto workshop = process();
  workshop.fire();
  ASSERT_TRUE(workshop.run_to_a_result(AttemptResult::action_failed));
  EXPECT_THAT(workshop.last_attempt().detail, HasSubstr("status 2: usage"));
}

TEST_F(ActionAttemptEngine, AProgramThatIsNotThereIsAFailedAttempt) {
  run_one("exec:/no/such/program");
  auto workshop = process();
  workshop.fire();
  EXPECT_TRUE(workshop.run_to_a_result(AttemptResult::action_failed));
}

}  // namespace
}  // namespace selfheal
