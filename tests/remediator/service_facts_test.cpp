// What is read of services for a decision.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remediator/act/facts_reader.h"
#include "remediator/incident/target.h"
#include "tests/remediator/engines.h"
#include "tests/remediator/fake_prometheus.h"
#include "tests/remediator/samples.h"
#include "tests/support/fake_docker.h"

namespace selfheal {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Pair;
using testing::SizeIs;

TEST(Target, TellsServicesFromContainers) {
  EXPECT_EQ(service_target("web"), "service/web");
  EXPECT_EQ(service_of("service/web"), "web");
  EXPECT_FALSE(service_of("web"));
  EXPECT_FALSE(service_of("service"));
}

class ServiceFactsTest : public testing::Test {
 protected:
  ServiceFactsTest() {
    docker_.add_service("web");
    hosts_.start(Milliseconds(20'000));
  }
  Facts read(const std::string& target, const std::string& action = "service-update") {
    AlertFired event = fired(kNow);
    event.alert.remediation = action;
    event.group = "web";
    const Incident incident = open_incident("box", target, event, nullptr, kNow, settings_);
    return FactsReader(hosts_, &prometheus_).read(incident, {}, kNow, settings_);
  }
  void add_task(const std::string& name) {
    docker_.add(name).labels["com.docker.swarm.service.name"] = "web";
  }

  ManualClock clock_;
  FakeDocker docker_{clock_};
  FakePrometheus prometheus_;
  DockerHosts hosts_{{borrowed(docker_)}, clock_, Milliseconds(3'600'000)};
  IncidentSettings settings_;
};

TEST_F(ServiceFactsTest, OfAServiceNoContainerIsInspected) {
  docker_.change_service("web", [](ServiceDetails& web) {
    web.container_labels = {{"selfheal.enable", "false"}, {"selfheal.start-period", "1m"}};
  });
  const Facts facts = read("service/web");
  ASSERT_TRUE(facts.service);
  EXPECT_EQ(facts.service->id, "id-of-web");
  EXPECT_THAT(facts.tasks, SizeIs(3));
  EXPECT_THAT(facts.labels(), Contains(Pair("selfheal.enable", "true"))) << "its own counts";
  EXPECT_THAT(facts.labels(), Contains(Pair("selfheal.start-period", "1m")));
  EXPECT_FALSE(facts.inspected);
  EXPECT_EQ(docker_.inspects(), 0);
  EXPECT_THAT(prometheus_.queries(), Contains(HasSubstr("service=\"web\"")));
  EXPECT_THAT(to_json(facts), HasSubstr(R"("service":{"id":"id-of-web","name":"web")"));
}

TEST_F(ServiceFactsTest, OfAContainerTheServiceThatItIsATaskOf) {
  add_task("web.1.a");
  const Facts facts = read("web.1.a");
  ASSERT_TRUE(facts.inspected);
  ASSERT_TRUE(facts.service);
  EXPECT_EQ(facts.service->name, "web");
  EXPECT_THAT(prometheus_.queries(), Contains(HasSubstr("container=\"web.1.a\"")));
}

TEST_F(ServiceFactsTest, WhateverIsAskedForATasksServiceIsRead) {
  add_task("web.1.a");
  for (const char* action : {"restart", "start", "exec"})
    EXPECT_TRUE(read("web.1.a", action).service) << action;
  docker_.add("alone");
  EXPECT_FALSE(read("alone", "restart").service);
  const Facts alone = read("alone");
  EXPECT_FALSE(alone.service);
  EXPECT_FALSE(alone.service_failure);
}

TEST_F(ServiceFactsTest, ThatThereIsNoneIsAFact) {
  EXPECT_EQ(read("service/other").service_failure->kind, DockerFailureKind::not_found);
  EXPECT_EQ(read("service/id-of-web").service_failure->kind, DockerFailureKind::not_found)
      << "the name is meant";
  docker_.set_manager(false);
  EXPECT_EQ(read("service/web").service_failure->kind, DockerFailureKind::unavailable);
}

}  // namespace
}  // namespace selfheal
