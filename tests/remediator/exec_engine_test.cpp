// Commands and the stop, on the real engine.
#include "tests/remediator/docker_yard.h"

namespace selfheal {
namespace {

using testing::HasSubstr;
constexpr Milliseconds kLong{20'000};

class ExecEngine : public DockerYard {};

TEST_F(ExecEngine, TellsHowACommandEnded) {
  run();
  EXPECT_TRUE(serves(name));
  const auto wrong = engine.exec(name, {"/sample-app", "--no-such-flag"}, kLong);
  ASSERT_TRUE(wrong) << wrong.error().message;
  EXPECT_EQ(wrong->exit_code, 2);
  EXPECT_THAT(wrong->output, HasSubstr("usage:"));
}

// Engines tell of it as an end of the command, or as a failure of the call.
TEST_F(ExecEngine, AProgramThatIsNotThereIsNoSuccess) {
  run();
  const auto result = engine.exec(name, {"/no/such/program"}, kLong);
  EXPECT_TRUE(!result || result->exit_code == 126 || result->exit_code == 127);
}

TEST_F(ExecEngine, WhatDoesNotRunOrIsPausedIsAConflict) {
  run();
  docker("pause " + name);
  EXPECT_EQ(engine.exec(name, {"/sample-app", "--healthcheck"}, kLong).error().kind,
            DockerFailureKind::conflict);
  docker("unpause " + name);
  ASSERT_TRUE(engine.stop(name, std::chrono::seconds(5)));
  EXPECT_EQ(engine.exec(name, {"/sample-app", "--healthcheck"}, kLong).error().kind,
            DockerFailureKind::conflict);
}

TEST_F(ExecEngine, StopsOnceAndAgain) {
  run();
  ASSERT_TRUE(engine.stop(name, std::chrono::seconds(5)));
  EXPECT_EQ(engine.inspect(name)->state, ContainerState::exited);
  EXPECT_TRUE(engine.stop(name, std::chrono::seconds(5))) << "it does not run";
  EXPECT_EQ(engine.stop(name + "-none", std::chrono::seconds(5)).error().kind,
            DockerFailureKind::not_found);
}

TEST_F(ExecEngine, WhatRunsIsNotRemoved) {
  run();
  EXPECT_FALSE(engine.remove(name));
  ASSERT_TRUE(engine.stop(name, std::chrono::seconds(5)));
  EXPECT_TRUE(engine.remove(name));
  EXPECT_EQ(engine.remove(name).error().kind, DockerFailureKind::not_found);
}

}  // namespace
}  // namespace selfheal
