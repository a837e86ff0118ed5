#include "remediator/act/facts_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/remediator/engines.h"
#include "tests/remediator/fake_prometheus.h"
#include "tests/remediator/samples.h"
#include "tests/support/fake_docker.h"

namespace selfheal {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;

constexpr Milliseconds kNeverAgain{3'600'000};
constexpr Milliseconds kLongestWait{20'000};

class FactsReaderTest : public testing::Test {
 protected:
  FactsReaderTest() {
    docker_.add("web");
    around_.under_way = {under_way("shop/db", "db")};
  }
  Facts read() {
    return FactsReader(hosts_, &prometheus_).read(incident_, around_, kNow, settings_);
  }
  void start() { hosts_.start(kLongestWait); }

  ManualClock clock_;
  FakeDocker docker_{clock_};
  FakePrometheus prometheus_;
  DockerHosts hosts_{{borrowed(docker_)}, clock_, kNeverAgain};
  IncidentSettings settings_;
  Surroundings around_;
  Incident incident_ = waiting_incident();
};

TEST_F(FactsReaderTest, ReadsEverySideOnce) {
  start();
  prometheus_.set([](FakePrometheus::State& state) { state.holds = {"storm"}; });
  const Facts facts = read();
  EXPECT_EQ(facts.now, kNow);
  EXPECT_EQ(facts.host, "box");
  EXPECT_EQ(facts.container, "web");
  EXPECT_EQ(facts.group, "shop/web");
  ASSERT_EQ(facts.around.under_way.size(), 1u);
  EXPECT_EQ(facts.around.under_way[0].container, "db");
  EXPECT_EQ(facts.asked_action, "restart");
  EXPECT_EQ(facts.lease_until, kNow + seconds(45));
  EXPECT_EQ(facts.last_delivery_at, kNow);
  EXPECT_EQ(facts.engine_host, "box");
  ASSERT_TRUE(facts.inspected.has_value());
  EXPECT_EQ(facts.inspected->id, "id-of-web");
  EXPECT_FALSE(facts.is_self);
  EXPECT_EQ(facts.policy_source, PolicySource::answered);
  EXPECT_TRUE(facts.policy.alerts_firing);
  EXPECT_THAT(facts.policy.holds, ElementsAre("storm"));
  EXPECT_EQ(facts.attempts_used, 0);
  EXPECT_EQ(docker_.inspects(), 1);
  EXPECT_EQ(prometheus_.queries().size(), 1u);
}

TEST_F(FactsReaderTest, WhatIsDownIsToBeStartedWhateverNewerAlertsAskFor) {
  start();
  IncidentAlert down = incident_.alerts.front();
  down.fingerprint = "down";
  down.alertname = "SelfhealContainerDown";
  down.remediation = "start";
  down.starts_at -= seconds(10);
  incident_.alerts.push_back(down);
  EXPECT_EQ(read().asked_action, "restart") << "it runs";
  docker_.change("web", [](ContainerDetails& web) { web.state = ContainerState::exited; });
  EXPECT_EQ(read().asked_action, "start");
  EXPECT_EQ(read().alertname, "SelfhealContainerDown");
}

TEST_F(FactsReaderTest, BeforeTheEngineAnsweredNothingIsInspected) {
  const Facts facts = read();
  EXPECT_EQ(facts.engine_host, "");
  EXPECT_FALSE(facts.inspected.has_value());
  ASSERT_TRUE(facts.docker_failure.has_value());
  EXPECT_EQ(facts.docker_failure->kind, DockerFailureKind::unreachable);
}

TEST_F(FactsReaderTest, FailuresAreFactsToo) {
  start();
  docker_.fail_all(DockerFailureKind::timeout);
  prometheus_.set([](FakePrometheus::State& state) { state.down = true; });
  const Facts facts = read();
  EXPECT_EQ(facts.docker_failure->kind, DockerFailureKind::timeout);
  EXPECT_EQ(facts.policy_source, PolicySource::failed);
  EXPECT_EQ(facts.policy_failure, "the fake Prometheus is down");
}

TEST_F(FactsReaderTest, WithoutPrometheusThePolicyIsNotConfigured) {
  start();
  const Facts facts = FactsReader(hosts_, nullptr).read(incident_, {}, kNow, settings_);
  EXPECT_EQ(facts.policy_source, PolicySource::not_configured);
}

// Docker also finds a container by the beginning of its id.
TEST_F(FactsReaderTest, OnlyTheNameIsMeant) {
  start();
  incident_.container = "id-of-web";
  const Facts facts = read();
  EXPECT_FALSE(facts.inspected.has_value());
  EXPECT_EQ(facts.docker_failure->kind, DockerFailureKind::not_found);
}

TEST_F(FactsReaderTest, WhatWasTriedBeforeComesFromTheIncident) {
  settings_.backoff_jitter_percent = 0;
  start();
  apply(incident_, attempt_on(), kNow - seconds(60), settings_);
  apply(incident_, AttemptFailed{AttemptResult::no_effect, ""}, kNow - seconds(4), settings_);
  Facts facts = read();
  EXPECT_EQ(facts.attempts_used, 1);
  EXPECT_EQ(facts.last_attempt_ended_at, kNow - seconds(4));
  EXPECT_EQ(facts.not_before, kNow + seconds(6)) << "ten seconds after the last one's end";
  incident_.last_attempt_seen_healthy = true;
  facts = read();
  EXPECT_EQ(facts.not_before, WallTime{}) << "what was healthy in between broke anew";
}

TEST_F(FactsReaderTest, WithoutAFiringAlertNothingIsAsked) {
  start();
  incident_.alerts[0].firing = false;
  EXPECT_EQ(read().asked_action, "");
}

TEST_F(FactsReaderTest, AnEngineThatIsAwayIsNotAsked) {
  docker_.fail_all(DockerFailureKind::unreachable);
  start();
  docker_.fail_all(std::nullopt);
  const Facts facts = read();
  EXPECT_EQ(facts.docker_failure->kind, DockerFailureKind::unreachable);
  EXPECT_EQ(facts.docker_failure->message, "the fake engine says unreachable");
  EXPECT_EQ(docker_.inspects(), 0);
}

TEST_F(FactsReaderTest, AHostThatNobodyKnowsIsAFactWithItsReason) {
  DockerHosts hosts({borrowed(docker_, "web1")}, clock_, kNeverAgain);
  hosts.start(kLongestWait);
  const FactsReader reader(hosts, &prometheus_);
  EXPECT_THAT(reader.read(incident_, around_, kNow, settings_).host_fault,
              testing::HasSubstr("no host \"box\" in docker.hosts, only \"web1\""));
  incident_.host = "web1";
  const Facts facts = reader.read(incident_, around_, kNow, settings_);
  EXPECT_THAT(facts.host_fault, testing::HasSubstr("\"web1\", it calls itself \"box\""));
  EXPECT_THAT(facts.hosts_away, ElementsAre("web1"));
  EXPECT_EQ(docker_.inspects(), 0);
}

}  // namespace
}  // namespace selfheal
