#include "exporter/probes/docker/exec_probe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/exporter/eventually.h"
#include "tests/exporter/fake_docker.h"

namespace selfheal {
namespace {

using testing::HasSubstr;

const DockerFailure kTimeout{DockerFailureKind::timeout, "timed out"};

class ExecProbe : public testing::Test {
 protected:
  ~ExecProbe() override {
    on_loop([this] { prober.reset(); });
  }

  // Runs `work` on the loop and waits for it.
  void on_loop(const std::function<void()>& work) {
    std::atomic<bool> done{false};
    loop.loop().post([&] {
      work();
      done = true;
    });
    ASSERT_TRUE(eventually([&] { return done.load(); }));
  }
  Prober::ProbeId start(const std::string& container, Milliseconds timeout = Milliseconds(5'000)) {
    ProbeRequest request;
    request.container_id = container;
    request.command = {"check", "it"};
    request.timeout = timeout;
    request.tracing = Tracing::on;
    Prober::ProbeId id = 0;
    on_loop([&] {
      id = prober->start(request, [this, container](ProbeResult result) {
        const std::lock_guard lock(mutex);
        results[container].push_back(std::move(result));
      });
    });
    return id;
  }
  size_t count(const std::string& container) {
    const std::lock_guard lock(mutex);
    return results[container].size();
  }
  ProbeResult probe(const std::string& container = "web",
                    Milliseconds timeout = Milliseconds(5'000)) {
    const size_t before = count(container);
    start(container, timeout);
    EXPECT_TRUE(eventually([&] { return count(container) > before; }));
    const std::lock_guard lock(mutex);
    return results[container].back();
  }

  SystemClock clock;
  FakeDocker docker;
  std::mutex mutex;
  std::map<std::string, std::vector<ProbeResult>> results;
  LoopThread loop{clock, "test"};
  std::unique_ptr<ExecProber> prober = std::make_unique<ExecProber>(loop.loop(), docker);
};

TEST_F(ExecProbe, ExitStatus0Passes) {
  docker.set_exec({.output = "all fine\n"});
  const ProbeResult result = probe();
  EXPECT_EQ(result.outcome, ProbeOutcome::passed);
  EXPECT_EQ(result.trace->output, "all fine\n");
}

TEST_F(ExecProbe, AnotherFailsWithItsLastLine) {
  docker.set_exec({.output = "checking\nno database\n", .state = ExecState{false, 3}});
  const ProbeResult result = probe();
  EXPECT_EQ(result.outcome, ProbeOutcome::failed);
  EXPECT_EQ(result.reason, ProbeReason::exec);
  EXPECT_EQ(result.detail, "exit status 3: no database");
}

TEST_F(ExecProbe, APausedContainerFails) {
  docker.set_exec({.refusal = DockerFailure{DockerFailureKind::conflict, "it is paused"}});
  const ProbeResult result = probe();
  EXPECT_EQ(result.outcome, ProbeOutcome::failed);
  EXPECT_EQ(result.reason, ProbeReason::exec);
  EXPECT_EQ(result.detail, "it is paused");
}

TEST_F(ExecProbe, WithoutDockersAnswerThereIsNoVerdict) {
  for (const DockerFailureKind kind :
       {DockerFailureKind::unreachable, DockerFailureKind::refused, DockerFailureKind::failed,
        DockerFailureKind::timeout, DockerFailureKind::closed}) {
    docker.set_exec({.refusal = DockerFailure{kind, "no"}});
    EXPECT_EQ(probe().outcome, ProbeOutcome::inconclusive) << to_string(kind);
  }
  docker.set_exec({.end = kTimeout, .state = ExecState{false, std::nullopt}});
  EXPECT_EQ(probe().outcome, ProbeOutcome::inconclusive) << "Docker did not begin it";
  docker.set_exec({.end = DockerFailure{DockerFailureKind::closed, "gone"},
                   .state = DockerFailure{DockerFailureKind::unreachable, "gone"}});
  EXPECT_EQ(probe("other").outcome, ProbeOutcome::inconclusive);
}

TEST_F(ExecProbe, OneThatHangsIsATimeoutAndNoOtherIsStartedBesideIt) {
  docker.set_exec({.output = "waiting\n", .end = kTimeout, .state = ExecState{true, {}}});
  const ProbeResult result = probe();
  EXPECT_EQ(result.outcome, ProbeOutcome::failed);
  EXPECT_EQ(result.reason, ProbeReason::timeout);
  EXPECT_THAT(result.detail, HasSubstr("5s; so far: waiting"));
  ASSERT_EQ(docker.execs(), 1);
  for (int again = 0; again < 3; ++again) EXPECT_EQ(probe().reason, ProbeReason::timeout);
  EXPECT_EQ(docker.execs(), 1);
  docker.set_exec({});  // it has ended
  EXPECT_EQ(probe().outcome, ProbeOutcome::passed);
  EXPECT_EQ(docker.execs(), 2);
}

TEST_F(ExecProbe, AfterTheContainersRestartTheOldCommandIsForgotten) {
  docker.set_exec({.end = kTimeout, .state = ExecState{true, {}}});
  probe();
  docker.set_exec({.state = DockerFailure{DockerFailureKind::not_found, "no such exec"}});
  EXPECT_EQ(probe().outcome, ProbeOutcome::inconclusive);  // the new one is not known either
  docker.set_exec({});
  EXPECT_EQ(probe().outcome, ProbeOutcome::passed);
}

TEST_F(ExecProbe, AFewAtATimeTheOthersWait) {
  on_loop([this] { prober->set_limit(2); });
  docker.set_exec({.stays = true});
  for (const char* container : {"a", "b", "c"}) start(container);
  ASSERT_TRUE(eventually([&] { return docker.running_execs() == 2; }));
  EXPECT_EQ(docker.execs(), 2);
  docker.set_exec({});
  docker.end_execs();
  for (const char* container : {"a", "b", "c"})
    EXPECT_TRUE(eventually([&] { return count(container) == 1; })) << container;
  EXPECT_EQ(docker.execs(), 3);
}

TEST_F(ExecProbe, WhoseTurnDoesNotComeHasNoVerdict) {
  on_loop([this] { prober->set_limit(1); });
  docker.set_exec({.stays = true});
  start("a");
  const ProbeResult result = probe("b", Milliseconds(50));
  EXPECT_EQ(result.outcome, ProbeOutcome::inconclusive);
  EXPECT_THAT(result.detail, HasSubstr("exec_in_flight"));
  EXPECT_EQ(docker.execs(), 1);
}

TEST_F(ExecProbe, TheSameCommandRunsOnceAtATimeInAContainer) {
  docker.set_exec({.stays = true});
  start("a");
  start("a");
  ASSERT_TRUE(eventually([&] { return docker.running_execs() == 1; }));
  EXPECT_EQ(docker.execs(), 1);
  docker.set_exec({});
  docker.end_execs();
  EXPECT_TRUE(eventually([&] { return count("a") == 2; }));
}

TEST_F(ExecProbe, ACancelledOneIsNotHeardOfAndKeepsItsTurnUntilItsEnd) {
  on_loop([this] { prober->set_limit(1); });
  docker.set_exec({.stays = true});
  const auto running = start("a");
  const auto waiting = start("b");
  start("c");
  ASSERT_TRUE(eventually([&] { return docker.running_execs() == 1; }));
  on_loop([&] {
    prober->cancel(running);
    prober->cancel(waiting);
    prober->cancel(waiting);
  });
  EXPECT_EQ(docker.execs(), 1);
  docker.set_exec({});
  docker.end_execs();
  EXPECT_TRUE(eventually([&] { return count("c") == 1; }));
  EXPECT_EQ(count("a") + count("b"), 0U);
  EXPECT_EQ(docker.execs(), 2);
}

TEST_F(ExecProbe, AnswersAfterTheProbersEndAreDropped) {
  docker.set_exec({.stays = true});
  start("a");
  ASSERT_TRUE(eventually([&] { return docker.running_execs() == 1; }));
  on_loop([this] { prober.reset(); });
  docker.end_execs();
  on_loop([] {});
  EXPECT_EQ(count("a"), 0U);
}

}  // namespace
}  // namespace selfheal
