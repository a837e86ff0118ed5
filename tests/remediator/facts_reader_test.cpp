#include "remediator/act/facts_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/remediator/fake_prometheus.h"
#include "tests/remediator/samples.h"
#include "tests/support/fake_docker.h"

namespace selfheal {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;

class FactsReaderTest : public testing::Test {
 protected:
  FactsReaderTest() {
    docker_.add("web");
    around_.under_way = {under_way("shop/db", "db")};
  }
  Facts read() {
    return FactsReader(docker_, &prometheus_, engine_)
        .read(incident_, around_, kNow, settings_, {});
  }

  ManualClock clock_;
  FakeDocker docker_{clock_};
  FakePrometheus prometheus_;
  EngineWatch engine_{docker_, clock_, Milliseconds(3'600'000)};
  IncidentSettings settings_;
  Surroundings around_;
  Incident incident_ = waiting_incident();
};

TEST_F(FactsReaderTest, ReadsEverySideOnce) {
  engine_.start();
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

TEST_F(FactsReaderTest, BeforeTheEngineAnsweredNothingIsInspected) {
  const Facts facts = read();
  EXPECT_EQ(facts.engine_host, "");
  EXPECT_FALSE(facts.inspected.has_value());
  ASSERT_TRUE(facts.docker_failure.has_value());
  EXPECT_EQ(facts.docker_failure->kind, DockerFailureKind::unreachable);
}

TEST_F(FactsReaderTest, FailuresAreFactsToo) {
  engine_.start();
  docker_.fail_all(DockerFailureKind::timeout);
  prometheus_.set([](FakePrometheus::State& state) { state.down = true; });
  const Facts facts = read();
  EXPECT_EQ(facts.docker_failure->kind, DockerFailureKind::timeout);
  EXPECT_EQ(facts.policy_source, PolicySource::failed);
  EXPECT_EQ(facts.policy_failure, "the fake Prometheus is down");
}

TEST_F(FactsReaderTest, WithoutPrometheusThePolicyIsNotConfigured) {
  engine_.start();
  const Facts facts =
      FactsReader(docker_, nullptr, engine_).read(incident_, {}, kNow, settings_, {});
  EXPECT_EQ(facts.policy_source, PolicySource::not_configured);
}

// Docker also finds a container by the beginning of its id.
TEST_F(FactsReaderTest, OnlyTheNameIsMeant) {
  engine_.start();
  incident_.container = "id-of-web";
  const Facts facts = read();
  EXPECT_FALSE(facts.inspected.has_value());
  EXPECT_EQ(facts.docker_failure->kind, DockerFailureKind::not_found);
}

TEST_F(FactsReaderTest, WhatWasTriedBeforeComesFromTheIncident) {
  settings_.backoff_jitter_percent = 0;
  engine_.start();
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
  engine_.start();
  incident_.alerts[0].firing = false;
  EXPECT_EQ(read().asked_action, "");
}

// ---- engine watch

TEST_F(FactsReaderTest, TheEngineWatchRemembersTheHostsName) {
  EXPECT_FALSE(engine_.connected());
  engine_.start();
  EXPECT_TRUE(engine_.connected());
  EXPECT_EQ(engine_.host(), "box");
  engine_.stop();
  engine_.stop();
  EXPECT_EQ(engine_.host(), "box");
}

TEST(EngineWatch, GoesOnAsking) {
  const ManualClock clock;
  FakeDocker docker(clock);
  docker.fail_all(DockerFailureKind::unreachable);
  EngineWatch engine(docker, clock, Milliseconds(1));
  engine.start();
  EXPECT_FALSE(engine.connected());
  EXPECT_EQ(engine.host(), "");
  docker.fail_all(std::nullopt);
  while (!engine.connected()) std::this_thread::yield();
  EXPECT_EQ(engine.host(), "box");
  EXPECT_EQ(engine.back_at(), clock.wall_now()) << "it was away when we began";
}

TEST_F(FactsReaderTest, AnEngineThatWasNeverAwayIsNotBack) {
  engine_.start();
  EXPECT_FALSE(engine_.back_at().has_value());
}

}  // namespace
}  // namespace selfheal
