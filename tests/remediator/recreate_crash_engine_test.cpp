// The process dies at each step of a replacement on the real engine, and another one goes back. How
// one goes on, and how the way back is gone on with, is in recreate_attempt_engine_test.cpp.
#include "tests/remediator/docker_yard.h"
#include "tests/support/forwarding_docker.h"

namespace selfheal {
namespace {

// create, connect, rename, stop, policy, rename, rename, start.
constexpr int kSteps = 8;

TEST_F(DockerYard, WhoeverDiesOnTheWayAnotherOneGoesBack) {
  docker("network create " + label() + " " + name + "-net");
  const std::string id = run("--restart always --no-healthcheck -v /anonymous");
  docker("network connect --alias shop " + name + "-net " + name);
  for (int last = 1; last <= kSteps; ++last) {
    const std::string where = "died after step " + std::to_string(last);
    ForwardingDocker dying(engine);
    int steps = 0;
    dying.before = [&](const std::string&) -> std::optional<DockerFailure> {
      if (++steps > last) return DockerFailure{DockerFailureKind::aborted, "died"};
      return std::nullopt;
    };
    const auto died = replacement(dying, id).replace();
    EXPECT_EQ(died.ok(), last == kSteps) << where;
    const auto back = replacement(id).put_back();
    ASSERT_TRUE(back) << where << ": " << back.error().message;
    expect_old_in_place(id, where);
    EXPECT_EQ(inspect(id)["NetworkSettings"]["Networks"].size(), 2U) << where;
  }
}

}  // namespace
}  // namespace selfheal
