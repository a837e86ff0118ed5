// Containers that share the network of a restarted one, on the real engine: they come after it, and
// are reached on its new network.
#include "tests/remediator/docker_yard.h"
#include "tests/remediator/engine_workshop.h"
#include "tests/support/forwarding_docker.h"
#include "tests/support/temp_folder.h"

namespace selfheal {
namespace {

using testing::HasSubstr;

class NetworkSharersEngine : public DockerYard {
 protected:
  NetworkSharersEngine() {
    docker("network create " + label() + " " + name + "-net");
    run("--no-healthcheck --network " + name + "-net --label selfheal.enable=true");
  }
  // In the network of the first one, at a port of its own.
  void add_sharer(const std::string& options) {
    docker("run -d --name " + sharer_ + " " + label() + " --no-healthcheck --env PORT=8081 " +
           "--network container:" + name + " " + options + " " + app_image());
    ASSERT_TRUE(serves(sharer_));
    EXPECT_TRUE(is_reached());
  }
  // By a third one, at the owner's name.
  bool is_reached() {
    docker("run -d --name " + name + "-asks " + label() + " --no-healthcheck --network " + name +
           "-net --env UPSTREAM=" + name + ":8081 " + app_image());
    const bool reached = serves(name + "-asks");
    docker("rm -f " + name + "-asks");
    return reached;
  }
  void restart() {
    workshop_.fire();
    EXPECT_TRUE(workshop_.run_until(
        [](const Incident& now) { return now.state == IncidentState::verifying; }));
    EXPECT_TRUE(serves(name));
  }

  const std::string sharer_ = name + "-sidecar";
  TempFolder folder_;
  FakePrometheus prometheus_;
  EngineWorkshop workshop_{engine, prometheus_, folder_.path("journal.db"), name};
};

TEST_F(NetworkSharersEngine, AreRestartedAfterItAndReachedInItsNewNetwork) {
  add_sharer("--label selfheal.enable=true");
  restart();
  EXPECT_GT(engine.inspect(sharer_)->started_at, engine.inspect(name)->started_at);
  EXPECT_THAT(workshop_.shared_network(), HasSubstr(sharer_ + ", which shares its network, was "
                                                              "restarted after it"));
  EXPECT_TRUE(is_reached());
}

// The network that it is left in has nobody else in it.
TEST_F(NetworkSharersEngine, WhoHasNotOptedInIsLeftAlone) {
  add_sharer("");
  restart();
  EXPECT_LT(engine.inspect(sharer_)->started_at, engine.inspect(name)->started_at);
  EXPECT_THAT(workshop_.shared_network(), HasSubstr("neither the label selfheal.enable=true"));
  EXPECT_TRUE(engine.inspect(sharer_)->running());
}

TEST_F(NetworkSharersEngine, APausedOneIsLeftAlone) {
  add_sharer("--label selfheal.enable=true");
  workshop_.pause(sharer_);
  restart();
  EXPECT_LT(engine.inspect(sharer_)->started_at, engine.inspect(name)->started_at);
  EXPECT_THAT(workshop_.shared_network(), HasSubstr("was left alone: paused (container "));
}

// As when both daemons die between Docker's stop of it and its start.
TEST_F(NetworkSharersEngine, OneThatACrashHasLeftStoppedIsStartedByTheNextProcess) {
  add_sharer("--label selfheal.enable=true");
  const std::string journal = folder_.path("crash.db");
  ForwardingDocker until_then(engine);
  int restarts = 0;
  until_then.before = [&](const std::string& call) -> std::optional<DockerFailure> {
    if (call != "restart" || ++restarts < 2) return std::nullopt;
    EXPECT_TRUE(engine.stop(sharer_, std::chrono::seconds(2)));
    throw Killed{};
  };
  {
    EngineWorkshop killed(until_then, prometheus_, journal, name);
    killed.fire();
    EXPECT_THROW(killed.run_until([](const Incident&) { return false; }), Killed);
  }
  ASSERT_FALSE(engine.inspect(sharer_)->running());
  EngineWorkshop next(engine, prometheus_, journal, name);
  EXPECT_TRUE(
      next.run_until([](const Incident& now) { return now.state == IncidentState::verifying; }));
  EXPECT_TRUE(serves(sharer_));
  EXPECT_GT(engine.inspect(sharer_)->started_at, engine.inspect(name)->started_at);
  EXPECT_THAT(next.shared_network(), HasSubstr("was restarted after it"));
  EXPECT_TRUE(is_reached());
}

// Its owner goes down again, the incident ends, and so does the process.
TEST_F(NetworkSharersEngine, OneThatIsDownWhenItIsOverIsStartedWhenItsOwnerRunsAgain) {
  add_sharer("--label selfheal.enable=true");
  const std::string journal = folder_.path("over.db");
  ForwardingDocker until_then(engine);
  int restarts = 0;
  until_then.before = [&](const std::string& call) -> std::optional<DockerFailure> {
    if (call != "restart" || ++restarts < 2) return std::nullopt;
    for (const std::string& container : {sharer_, name})
      EXPECT_TRUE(engine.stop(container, std::chrono::seconds(2)));
    return DockerFailure{DockerFailureKind::closed, "the answer was lost"};
  };
  {
    EngineWorkshop before(until_then, prometheus_, journal, name);
    before.fire();
    EXPECT_TRUE(before.run_to_a_result(AttemptResult::not_healthy));
    EXPECT_THAT(before.last_attempt().detail, HasSubstr("was left stopped and can't be started"));
    before.resolve();
    EXPECT_EQ(before.incident().outcome, IncidentOutcome::withdrawn);
  }
  ASSERT_FALSE(engine.inspect(sharer_)->running());
  docker("start " + name);
  EngineWorkshop next(engine, prometheus_, journal, name);
  EXPECT_TRUE(next.run_until([](const Incident& now) { return !now.owes; }));
  EXPECT_TRUE(serves(sharer_));
  EXPECT_THAT(next.shared_network(), HasSubstr("was left stopped, and has been started"));
  EXPECT_TRUE(is_reached());
}

}  // namespace
}  // namespace selfheal
