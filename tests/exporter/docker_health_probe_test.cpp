// How Docker is asked for verdicts; probers_test.cpp has what they mean.
#include "exporter/probes/docker/docker_health_probe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/exporter/fake_docker.h"
#include "tests/exporter/samples.h"

namespace selfheal {
namespace {

// An engine whose answers wait.
class DockerHealthProbe : public testing::Test {
 protected:
  DockerHealthProbe() { docker.hold_inspects(true); }

  void start(const std::string& container, Milliseconds timeout = Milliseconds(5'000)) {
    ProbeRequest request;
    request.container_id = container;
    request.timeout = timeout;
    request.tracing = Tracing::on;
    prober.start(request, [this, container](ProbeResult result) {
      results[container].push_back(std::move(result));
    });
  }
  // Runs the loop until `containers` results are there.
  void run_until(size_t wanted) {
    std::function<void()> look = [&] {
      size_t there = 0;
      for (const auto& [container, all] : results) there += all.size();
      if (there >= wanted) return loop.stop();
      loop.after(Milliseconds(1), look);
    };
    loop.post(look);
    loop.run();
  }

  SystemClock clock;
  FakeDocker docker;
  EventLoop loop{clock};
  DockerHealthProber prober{loop, docker};
  std::map<std::string, std::vector<ProbeResult>> results;
};

TEST_F(DockerHealthProbe, AFewInspectsAtATime) {
  for (int i = 0; i < 20; ++i) start("c" + std::to_string(i));
  EXPECT_EQ(docker.held_inspects(), 4);
  docker.hold_inspects(false);
  run_until(20);
  EXPECT_EQ(results.size(), 20U);
}

TEST_F(DockerHealthProbe, ThoseThatWaitForTheSameContainerShareOne) {
  for (const char* other : {"a", "b", "c", "d"}) start(other);
  for (int i = 0; i < 10; ++i) start("web");
  docker.hold_inspects(false);
  run_until(14);
  EXPECT_EQ(docker.inspects("web"), 1);
  EXPECT_EQ(results["web"].size(), 10U);
}

TEST_F(DockerHealthProbe, OneThatWaitsTooLongHasNoVerdict) {
  for (const char* other : {"a", "b", "c", "d"}) start(other);
  start("web", Milliseconds(20));
  run_until(1);
  EXPECT_EQ(results["web"].at(0).outcome, ProbeOutcome::inconclusive);
  docker.hold_inspects(false);
  run_until(5);
  EXPECT_EQ(docker.inspects("web"), 0) << "nobody waits for it any more";
}

TEST_F(DockerHealthProbe, TellsWhatTheCheckPrinted) {
  ContainerDetails web = running_container("web");
  web.health = ContainerHealth::unhealthy;
  web.last_check = HealthCheckRun{7, "checking\ndisk full\n"};
  docker.set(web);
  docker.hold_inspects(false);
  start("id-web");
  run_until(1);
  const ProbeResult& result = results["id-web"].at(0);
  EXPECT_EQ(result.reason, ProbeReason::unhealthy);
  EXPECT_EQ(result.detail, "the container's HEALTHCHECK says unhealthy: exit status 7: disk full");
  EXPECT_EQ(result.trace->output, "checking\ndisk full\n");
}

}  // namespace
}  // namespace selfheal
