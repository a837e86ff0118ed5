// A recreation as an attempt, on the real engine: proved, not proved, and by processes that are
// killed between any two of the calls that change something.
#include "tests/remediator/docker_yard.h"
#include "tests/remediator/engine_workshop.h"
#include "tests/support/forwarding_docker.h"
#include "tests/support/sockets.h"
#include "tests/support/temp_folder.h"

namespace selfheal {
namespace {

using testing::HasSubstr;

// create, connect, rename, stop, policy, rename, rename, start; and back: stop, policy, remove,
// rename, start.
constexpr int kCallsToReplace = 8;
constexpr int kFirstThatTouchesTheOldOne = 4;
constexpr int kCallsToPutBack = 5;

bool verifying(const Incident& now) {
  return now.state == IncidentState::verifying;
}

class RecreateAttemptEngine : public DockerYard {
 protected:
  std::string run_one(const std::string& options = "") {
    return run(
        "--restart always --no-healthcheck -v /anonymous --label selfheal.enable=true "
        "--label 'selfheal.action=recreate 500ms' " +
        options);
  }
  std::string run_one_on_two_networks() {
    docker("network create " + label() + " " + name + "-net");
    const std::string id = run_one();
    docker("network connect --alias shop " + name + "-net " + name);
    return id;
  }
  void become(Health health) {
    prometheus_.set([&](FakePrometheus::State& state) { state.health = health; });
  }
  EngineWorkshop process(DockerApi& docker) {
    return EngineWorkshop(docker, prometheus_, journal_, name);
  }
  // One that is killed before Docker is asked for the change of that number, or right after it did
  // the last one.
  void killed_at(int call, int last) {
    ForwardingDocker until_then(engine);
    int calls = 0;
    until_then.before = [&](const std::string&) -> std::optional<DockerFailure> {
      if (++calls == call) throw Killed{};
      return std::nullopt;
    };
    until_then.after = [&](const std::string&) -> std::optional<DockerFailure> {
      if (calls == last) throw Killed{};
      return std::nullopt;
    };
    journal_ = folder_.path("journal-" + std::to_string(call) + ".db");
    auto killed = process(until_then);
    killed.fire();
    EXPECT_THROW(killed.run_until([](const Incident&) { return false; }), Killed);
  }
  void expect_recovered(const std::string& old_id, const std::string& where) {
    const auto now = engine.inspect(name);
    ASSERT_TRUE(now) << where;
    EXPECT_NE(now->id, old_id) << where;
    EXPECT_TRUE(now->running()) << where;
    EXPECT_EQ(inspect(now->id)["HostConfig"]["RestartPolicy"]["Name"], "always") << where;
    EXPECT_FALSE(exists(old_id)) << where;
    EXPECT_FALSE(exists(ReplacementNames(name, old_id).ready)) << where;
  }

  TempFolder folder_;
  FakePrometheus prometheus_;
  std::string journal_ = folder_.path("journal.db");
};

TEST_F(RecreateAttemptEngine, VerifiedTheOldOneIsGone) {
  const std::string id = run_one();
  auto workshop = process(engine);
  workshop.fire();
  ASSERT_TRUE(workshop.run_until(verifying));
  expect_replaced(id, "while it is verified");
  become(Health::proven);
  ASSERT_TRUE(workshop.run_to_the_end(IncidentOutcome::recovered));
  EXPECT_EQ(workshop.last_attempt().result, AttemptResult::verified);
  expect_recovered(id, "");
}

TEST_F(RecreateAttemptEngine, NotHealthyTheOldOneIsPutBack) {
  const std::string id = run_one();
  auto workshop = process(engine);
  workshop.fire();
  ASSERT_TRUE(workshop.run_to_a_result(AttemptResult::not_healthy));
  expect_old_in_place(id);
}

TEST_F(RecreateAttemptEngine, OneThatHasExitedIsPutBack) {
  const std::string id = run_one();
  auto workshop = process(engine);
  workshop.fire();
  ASSERT_TRUE(workshop.run_until(verifying));
  docker("stop -t 2 " + name);
  ASSERT_TRUE(workshop.run_to_a_result(AttemptResult::not_healthy));
  EXPECT_THAT(workshop.last_attempt().detail, HasSubstr("exited"));
  expect_old_in_place(id);
}

// It was down before: that is no debt, and the attempt is over.
TEST_F(RecreateAttemptEngine, WhatCantBeStartedEitherWayIsLeftAsItWas) {
  const std::string port = std::to_string(closed_port());
  const std::string id = run_one("-p 127.0.0.1:" + port + ":8080");
  docker("stop -t 2 " + name);
  docker("run -d --name " + name + "-thief " + label() + " -p 127.0.0.1:" + port + ":8080 " +
         app_image());
  auto workshop = process(engine);
  workshop.fire("start");
  ASSERT_TRUE(workshop.run_to_a_result(AttemptResult::action_failed));
  EXPECT_THAT(workshop.last_attempt().detail, HasSubstr("starting the new one"));
  const auto now = engine.inspect(name);
  EXPECT_EQ(now->id, id);
  EXPECT_EQ(now->state, ContainerState::exited);
  EXPECT_FALSE(exists(ReplacementNames(name, id).ready));
}

// As by a deployment: what stands there now is theirs.
TEST_F(RecreateAttemptEngine, SomebodyElsesNewOneEndsIt) {
  const std::string id = run_one();
  auto workshop = process(engine);
  workshop.fire();
  ASSERT_TRUE(workshop.run_until(verifying));
  docker("rm -f " + name);
  const std::string theirs = run("--label theirs=1");
  ASSERT_TRUE(workshop.run_to_a_result(AttemptResult::restarted_again));
  EXPECT_EQ(engine.inspect(name)->id, theirs);
  EXPECT_TRUE(engine.inspect(theirs)->running());
  EXPECT_FALSE(engine.inspect(id)->running()) << "kept, for a person";
}

// With it goes the restart policy, which it held (replacement.h).
TEST_F(RecreateAttemptEngine, TheNewOneWasRemoved) {
  const std::string id = run_one();
  auto workshop = process(engine);
  workshop.fire();
  ASSERT_TRUE(workshop.run_until(verifying));
  docker("rm -f " + name);
  ASSERT_TRUE(workshop.run_to_a_result(AttemptResult::not_healthy));
  const auto now = engine.inspect(name);
  ASSERT_TRUE(now);
  EXPECT_EQ(now->id, id);
  EXPECT_TRUE(now->running());
}

// Minutes later the guards, the lease or a person may say otherwise.
TEST_F(RecreateAttemptEngine, KilledBeforeTheOldOneIsTouchedItIsDecidedAnew) {
  const std::string id = run_one_on_two_networks();
  const auto started = engine.inspect(id)->started_at;
  for (int call = 2; call < kFirstThatTouchesTheOldOne; ++call) {
    const std::string where = "killed before call " + std::to_string(call);
    become(Health::unproven);
    prometheus_.set([](FakePrometheus::State& state) { state.alerts_firing = true; });
    killed_at(call, kCallsToReplace);
    EXPECT_TRUE(exists(ReplacementNames(name, id).ready)) << where;
    prometheus_.set([](FakePrometheus::State& state) { state.alerts_firing = false; });
    auto next = process(engine);
    ASSERT_TRUE(next.run_to_a_result(AttemptResult::no_effect)) << where;
    ASSERT_TRUE(next.run_until([](const Incident& now) { return now.reason == "not_firing"; }));
    expect_old_in_place(id, where);
    EXPECT_EQ(engine.inspect(id)->started_at, started) << "it ran on";
    EXPECT_EQ(next.incident().attempts.size(), 1U) << where;
  }
}

TEST_F(RecreateAttemptEngine, KilledOnTheWayAnotherProcessGoesOn) {
  constexpr int kLast = kCallsToReplace + 1;  // the old one's removal
  become(Health::proven);
  std::string id = run_one_on_two_networks();
  for (int call = 1; call <= kLast + 1; ++call) {
    const std::string where = "killed before call " + std::to_string(call);
    killed_at(call, kLast);
    auto next = process(engine);
    ASSERT_TRUE(next.run_to_the_end(IncidentOutcome::recovered)) << where;
    expect_recovered(id, where);
    // What has not touched the old one is put back, and begun as an attempt of its own.
    const size_t attempts = call < kFirstThatTouchesTheOldOne ? 2 : 1;
    EXPECT_EQ(next.incident().attempts.size(), attempts) << where;
    EXPECT_EQ(inspect(name)["NetworkSettings"]["Networks"].size(), 2U) << where;
    id = inspect(name)["Id"].get<std::string>();
  }
}

TEST_F(RecreateAttemptEngine, KilledOnTheWayBackAnotherProcessGoesOn) {
  constexpr int kLast = kCallsToReplace + kCallsToPutBack;
  const std::string id = run_one_on_two_networks();
  for (int call = kCallsToReplace + 1; call <= kLast + 1; ++call) {
    const std::string where = "killed before call " + std::to_string(call);
    killed_at(call, kLast);
    auto next = process(engine);
    ASSERT_TRUE(next.run_to_a_result(AttemptResult::not_healthy)) << where;
    expect_old_in_place(id, where);
    EXPECT_EQ(next.incident().attempts.size(), 1U) << where;
  }
}

// The new one's start is refused, and the process dies before it can start the old one.
TEST_F(RecreateAttemptEngine, KilledBeforeTheOldOneIsStartedAgain) {
  const std::string id = run_one();
  {
    ForwardingDocker until_then(engine);
    int starts = 0;
    until_then.before = [&](const std::string& call) -> std::optional<DockerFailure> {
      if (call != "start") return std::nullopt;
      if (++starts == 2) throw Killed{};
      return DockerFailure{DockerFailureKind::failed, "no room"};
    };
    auto killed = process(until_then);
    killed.fire();
    EXPECT_THROW(killed.run_until([](const Incident&) { return false; }), Killed);
  }
  EXPECT_FALSE(engine.inspect(id)->running());
  auto next = process(engine);
  ASSERT_TRUE(next.run_to_a_result(AttemptResult::no_effect));
  expect_old_in_place(id);
}

}  // namespace
}  // namespace selfheal
