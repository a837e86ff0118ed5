// The process dies at each step on the real engine, before Docker has done it and after; another
// one goes on, or back.
#include "tests/remediator/docker_yard.h"
#include "tests/support/forwarding_docker.h"

namespace selfheal {
namespace {

struct Crash {
  int step;  // from 1
  bool done;
  std::string text() const {
    return "step " + std::to_string(step) + (done ? ", done by Docker" : ", not done by Docker");
  }
};

class RecreateCrashEngine : public DockerYard {
 protected:
  RecreateCrashEngine() { docker("network create " + label() + " " + name + "-net"); }
  std::string run_one() {
    const std::string id = run("--restart always --no-healthcheck -v /anonymous");
    docker("network connect --alias shop " + name + "-net " + name);
    return id;
  }
  // A Docker that is not there any more from the step on.
  void dies_at(const Crash& crash, ForwardingDocker& dying) {
    const DockerFailure dead{DockerFailureKind::aborted, "died"};
    dying.before = [this, crash, dead](const std::string&) -> std::optional<DockerFailure> {
      ++steps_;
      if (steps_ > crash.step || (steps_ == crash.step && !crash.done)) return dead;
      return std::nullopt;
    };
    dying.after = [this, crash, dead](const std::string&) -> std::optional<DockerFailure> {
      if (steps_ == crash.step) return dead;
      return std::nullopt;
    };
  }
  std::vector<Crash> crashes(int steps) {
    std::vector<Crash> all;
    for (int step = 1; step <= steps; ++step)
      for (const bool done : {false, true}) all.push_back({step, done});
    return all;
  }
  int steps_ = 0;
};

TEST_F(RecreateCrashEngine, AnotherOneGoesOn) {
  std::string id = run_one();
  for (const Crash& crash : crashes(7)) {
    ForwardingDocker dying(engine);
    steps_ = 0;
    dies_at(crash, dying);
    const auto died = replacement(dying, id).replace();
    if (!died) {
      EXPECT_FALSE(died.error().old_in_place) << crash.text();
    }
    const auto made = replacement(id).replace();
    ASSERT_TRUE(made) << crash.text() << ": " << made.error().cause.message;
    expect_replaced(id, crash.text());
    EXPECT_EQ(inspect(*made)["NetworkSettings"]["Networks"].size(), 2U) << crash.text();
    ASSERT_TRUE(replacement(id).finish()) << crash.text();
    EXPECT_FALSE(exists(id)) << crash.text();
    id = *made;
  }
}

TEST_F(RecreateCrashEngine, AnotherOneGoesBack) {
  const std::string id = run_one();
  for (const Crash& crash : crashes(12)) {
    ForwardingDocker dying(engine);
    steps_ = 0;
    dies_at(crash, dying);
    if (replacement(dying, id).replace()) (void)replacement(dying, id).put_back();
    const auto back = replacement(id).put_back();
    ASSERT_TRUE(back) << crash.text() << ": " << back.error().message;
    expect_old_in_place(id, crash.text());
    EXPECT_EQ(inspect(id)["NetworkSettings"]["Networks"].size(), 2U) << crash.text();
  }
}

TEST_F(RecreateCrashEngine, WhileFinishing) {
  const std::string id = run_one();
  for (const bool done : {false, true}) {
    ForwardingDocker dying(engine);
    steps_ = 0;
    if (exists(id)) {
      ASSERT_TRUE(replacement(id).replace());
    }
    dies_at({1, done}, dying);
    (void)replacement(dying, id).finish();
  }
  ASSERT_TRUE(replacement(id).finish());
  EXPECT_FALSE(exists(id));
  EXPECT_TRUE(engine.inspect(name)->running());
}

}  // namespace
}  // namespace selfheal
