// Containers that share the network of a restarted one, on the real engine: they come after it, and
// are reached on its new network.
#include "tests/remediator/docker_yard.h"
#include "tests/remediator/engine_workshop.h"
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
  EXPECT_THAT(workshop_.shared_network(), HasSubstr("it has not opted in"));
  EXPECT_TRUE(engine.inspect(sharer_)->running());
}

}  // namespace
}  // namespace selfheal
