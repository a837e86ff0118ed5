// A command as a step for a task of a service: it is run in the task's container, and what people
// and labels say of the service holds it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/remediator/samples.h"
#include "tests/remediator/workshop.h"

namespace selfheal {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;
using Effect = FakeDocker::Effect;

constexpr const char* kCommand = "exec id-of-web.1.a: /reload";

class ServiceTaskTest : public testing::Test {
 protected:
  ServiceTaskTest() {
    shop_.docker.add_service("web");
    shop_.docker.add("web.1.a").labels["com.docker.swarm.service.name"] = "web";
    shop_.container = "web.1.a";
    steps("exec:/reload,restart");
  }
  void steps(const std::string& list) {
    shop_.docker.change("web.1.a",
                        [&](ContainerDetails& task) { task.labels["selfheal.escalation"] = list; });
  }
  void label_service(const std::string& name, const std::string& value) {
    shop_.docker.change_service("web", [&](ServiceDetails& web) { web.labels[name] = value; });
  }
  void pause_service() {
    EXPECT_TRUE(shop_.journal
                    ->write([&](JournalWriter& writer) {
                      writer.begin_pause({{PauseScope::container, "box", "service/web"},
                                          "",
                                          shop_.clock.wall_now(),
                                          std::nullopt});
                    })
                    .ok());
  }
  void expect_nothing_done(const std::string& reason) {
    shop_.fire();
    shop_.run(seconds(40));
    EXPECT_THAT(shop_.actions(), IsEmpty());
    EXPECT_EQ(shop_.incident().reason, reason);
  }

  Workshop shop_;
};

TEST_F(ServiceTaskTest, ACommandIsRunInItsContainerAndNotForItsService) {
  shop_.fire();
  shop_.run(seconds(2));
  EXPECT_THAT(shop_.actions(), ElementsAre(kCommand));
  EXPECT_EQ(shop_.incident().subject(), "web.1.a");
  EXPECT_EQ(shop_.incident().attempts.back().container_id, "id-of-web.1.a");
}

TEST_F(ServiceTaskTest, WhereAnUpdateIsRuledOutTheCommandIsStillRunInTheContainer) {
  steps("restart,exec:/reload");
  label_service("selfheal.stateful", "true");
  shop_.fire();
  shop_.run(seconds(2));
  EXPECT_THAT(shop_.actions(), ElementsAre(kCommand));
  EXPECT_EQ(shop_.incident().attempts.back().container_id, "id-of-web.1.a");
  EXPECT_EQ(shop_.incident().attempts.back().stop_timeout, seconds(30)) << "limits.exec_timeout";
}

TEST_F(ServiceTaskTest, APauseOfItsServiceHoldsIt) {
  pause_service();
  expect_nothing_done("paused");
}

TEST_F(ServiceTaskTest, ADryRunOfItsServiceHoldsIt) {
  label_service("selfheal.dry-run", "true");
  expect_nothing_done("dry_run");
}

TEST_F(ServiceTaskTest, ANoneOfItsServiceHoldsIt) {
  label_service("selfheal.action", "none");
  expect_nothing_done("action_none");
}

TEST_F(ServiceTaskTest, OnAnEngineThatIsNoManagerAPauseHoldsItToo) {
  shop_.docker.set_manager(false);
  pause_service();
  expect_nothing_done("paused");
}

TEST_F(ServiceTaskTest, OnAnEngineThatIsNoManagerItIsRun) {
  shop_.docker.set_manager(false);
  shop_.fire();
  shop_.run(seconds(2));
  EXPECT_THAT(shop_.actions(), ElementsAre(kCommand));
}

TEST_F(ServiceTaskTest, WhatWasUpdatedBeforeStaysItsServices) {
  steps("restart,exec:/reload");
  shop_.docker.next_action({Effect::none, DockerFailureKind::failed});
  shop_.fire();
  shop_.run(seconds(60));
  EXPECT_THAT(shop_.actions(), ElementsAre("force_update id-of-web 1", kCommand));
  EXPECT_EQ(shop_.incident().attempts.back().container_id, "id-of-web.1.a");
  EXPECT_EQ(shop_.incident().subject(), "service/web") << "its attempts count for that";
}

}  // namespace
}  // namespace selfheal
