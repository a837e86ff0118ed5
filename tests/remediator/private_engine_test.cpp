// A real engine that is killed in the midst of a restart, and comes back. Started by
// tests/exporter/private_engine_test.sh, which makes the engine.
#include <array>
#include <cstdio>
#include <cstdlib>

#include "tests/remediator/faults.h"

namespace selfheal {
namespace {

std::string from_environment(const char* name, const std::string& otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? otherwise : value;
}

// What a command prints.
std::string run(const std::string& command) {
  FILE* output = popen((command + " 2>&1").c_str(), "r");
  std::string text;
  std::array<char, 4096> piece{};
  while (fgets(piece.data(), static_cast<int>(piece.size()), output) != nullptr)
    text += piece.data();
  EXPECT_EQ(pclose(output), 0) << command << "\n" << text;
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

class PrivateEngineTest : public FaultsTest {
 protected:
  PrivateEngineTest() {
    options_.docker = DockerFlags();
    host_ = run("docker info --format '{{.Name}}'");
    // Its stop signal ends nothing, so that a stop takes the whole stop timeout.
    run("docker run -d --name web --network host --stop-signal SIGCONT -e PORT=18010 "
        "--label selfheal.enable=true --label selfheal.stop-timeout=5 --label selfheal.test-run=" +
        from_environment("SELFHEAL_TEST_RUN", "remediator-test") + " " +
        from_environment("SELFHEAL_TEST_IMAGE", "selfheal.invalid/sample-app:dev"));
  }
  ~PrivateEngineTest() override {
    remediator_.reset();
    run("docker rm -f web");
  }
  // The engine has begun to stop it.
  static bool is_being_stopped() {
    return !run("docker events --since 1m --until 0s --filter container=web --filter event=kill "
                "--format '{{.Action}}'")
                .empty();
  }
};

TEST_F(PrivateEngineTest, KilledDuringARestartItIsRestartedOnce) {
  start();
  EXPECT_EQ(fire("web"), 200);
  await("the stop", [] { return is_being_stopped(); });
  EXPECT_EQ(incident("web")["state"], "acting");
  const std::string kill = from_environment("SELFHEAL_TEST_ENGINE_RESTART", "false") + " KILL";
  ASSERT_EQ(std::system(kill.c_str()), 0);
  await_state("web", "verifying");
  prometheus_.set_healthy("web");
  const Json closed = await_state("web", "closed");
  EXPECT_EQ(closed["outcome"], "recovered") << closed.dump(1);
  EXPECT_EQ(closed["attempts"].size(), 1u) << closed["attempts"].dump(1);
  EXPECT_EQ(run("docker inspect --format '{{.State.Status}}' web"), "running");
  // To the millisecond, as the API has it.
  const std::string started = run("docker inspect --format '{{.State.StartedAt}}' web");
  EXPECT_EQ(closed["attempts"][0]["started_after"].get<std::string>().substr(0, 23),
            started.substr(0, 23))
      << "there was no other start than the attempt's";
}

}  // namespace
}  // namespace selfheal
