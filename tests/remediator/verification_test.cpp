#include "remediator/act/verification.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/remediator/fake_prometheus.h"
#include "tests/support/manual_clock.h"

namespace selfheal {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

constexpr WallTime kStarted = ManualClock::kStart + Milliseconds(123);

// The text that semantics.md pins.
TEST(ProvenQuery, IsThePinnedOne) {
  EXPECT_EQ(
      proven_query("box", "web", Proof{kStarted, kStarted}, VerificationSettings{}),
      R"(min by (host, container) (selfheal_probe_consecutive_successes{host="box",container="web"}) >= 2)"
      R"( and on (host, container) (min by (host, container) (selfheal_probe_last_success_timestamp_seconds{host="box",container="web"}))"
      R"( - max by (host, container) (selfheal_container_start_time_seconds{host="box",container="web"}) >= 10.000))"
      R"( and on (host, container) abs(max by (host, container) (selfheal_container_start_time_seconds{host="box",container="web"}) - 1769860800.123) < 0.01)");
}

TEST(SeenHealthyQuery, IsOneSuccessOfTheSameStart) {
  EXPECT_EQ(
      seen_healthy_query("box", "web", kStarted),
      R"(min by (host, container) (selfheal_probe_consecutive_successes{host="box",container="web"}) >= 1)"
      R"( and on (host, container) abs(max by (host, container) (selfheal_container_start_time_seconds{host="box",container="web"}) - 1769860800.123) < 0.01)");
}

TEST(Queries, EscapeNames) {
  EXPECT_THAT(proven_query("b\"x", "w\\b", Proof{kStarted, kStarted}, VerificationSettings{}),
              HasSubstr(R"({host="b\"x",container="w\\b"})"));
}

class HealthTest : public testing::Test {
 protected:
  HealthTest() {
    live_.name = "web";
    live_.state = ContainerState::running;
    live_.started_at = kStarted;
  }
  HealthAnswer docker_after(std::chrono::nanoseconds age) const {
    return docker_health(live_, {kStarted, kStarted}, kStarted + age, settings_);
  }
  HealthAnswer asked_after(std::chrono::nanoseconds age) {
    return ask_health(prometheus_, "box", live_, {kStarted, kStarted}, kStarted + age, settings_);
  }

  ContainerDetails live_;
  VerificationSettings settings_;
  FakePrometheus prometheus_;
};

TEST_F(HealthTest, ByDockerWithoutAHealthcheckItMustHaveRunForTenSeconds) {
  EXPECT_EQ(docker_after(seconds(9)).health, Health::unproven);
  EXPECT_THAT(docker_after(seconds(9)).detail, HasSubstr("long enough"));
  EXPECT_EQ(docker_after(seconds(10)).health, Health::proven);
}

TEST_F(HealthTest, ByDockerWithAHealthcheckItMustPassAndHaveSettled) {
  live_.has_healthcheck = true;
  live_.health = ContainerHealth::starting;
  EXPECT_EQ(docker_after(seconds(60)).health, Health::unproven);
  live_.health = ContainerHealth::unhealthy;
  EXPECT_EQ(docker_after(seconds(60)).health, Health::unproven);
  EXPECT_THAT(docker_after(seconds(60)).detail, HasSubstr("unhealthy"));
  live_.health = ContainerHealth::healthy;
  EXPECT_EQ(docker_after(seconds(3)).health, Health::seen_healthy);
  EXPECT_EQ(docker_after(seconds(10)).health, Health::proven);
}

TEST_F(HealthTest, ByDockerOnlyWhatRunsIsHealthy) {
  for (const auto state : {ContainerState::exited, ContainerState::paused,
                           ContainerState::restarting, ContainerState::dead}) {
    live_.state = state;
    EXPECT_EQ(docker_after(seconds(60)).health, Health::unproven);
    EXPECT_THAT(docker_after(seconds(60)).detail, HasSubstr(std::string(to_string(state))));
  }
}

TEST_F(HealthTest, ByPrometheusEmptyIsUnproven) {
  EXPECT_EQ(asked_after(seconds(30)).health, Health::unproven);
  EXPECT_THAT(asked_after(seconds(30)).detail, HasSubstr("have not passed"));
  EXPECT_EQ(asked_after(seconds(30)).why, Unproven::not_healthy);
  prometheus_.set([](FakePrometheus::State& state) { state.scraped = false; });
  EXPECT_EQ(asked_after(seconds(30)).health, Health::unproven);
  EXPECT_EQ(asked_after(seconds(30)).why, Unproven::not_scraped);
}

TEST_F(HealthTest, ByPrometheusSeenThenProven) {
  prometheus_.set([](FakePrometheus::State& state) { state.health = Health::seen_healthy; });
  EXPECT_EQ(asked_after(seconds(3)).health, Health::seen_healthy);
  prometheus_.set([](FakePrometheus::State& state) { state.health = Health::proven; });
  EXPECT_EQ(asked_after(seconds(12)).health, Health::proven);
  EXPECT_EQ(prometheus_.queries().back(),
            proven_query("box", "web", Proof{kStarted, kStarted}, settings_));
}

TEST_F(HealthTest, ByPrometheusNoAnswerIsUnproven) {
  prometheus_.set([](FakePrometheus::State& state) {
    state.health = Health::proven;
    state.down = true;
  });
  EXPECT_EQ(asked_after(seconds(30)).health, Health::unproven);
  EXPECT_THAT(asked_after(seconds(30)).detail, HasSubstr("down"));
  EXPECT_EQ(asked_after(seconds(30)).why, Unproven::no_prometheus);
}

TEST_F(HealthTest, AContainerWithoutProbesIsJudgedByDocker) {
  prometheus_.set([](FakePrometheus::State& state) { state.has_probes = false; });
  EXPECT_EQ(asked_after(seconds(3)).health, Health::unproven);
  EXPECT_EQ(asked_after(seconds(10)).health, Health::proven);
  EXPECT_EQ(prometheus_.queries().back(),
            R"(count(selfheal_container_start_time_seconds{host="box",container="web"}))"
            R"( unless count(selfheal_probe_consecutive_successes{host="box",container="web"}))");
}

TEST(VerificationTime, GrowsWithWhatTheContainersLabelsGrant) {
  const VerificationSettings settings;
  EXPECT_EQ(verification_time({}, settings), seconds(60));
  EXPECT_EQ(verification_time({{"selfheal.start-period", "2m"}}, settings), seconds(160));
  EXPECT_EQ(verification_time({{"selfheal.interval.slow", "5m"}}, settings), seconds(620));
  EXPECT_EQ(verification_time({{"selfheal.interval", "nonsense"}, {"selfheal.intervals", "9h"}},
                              settings),
            seconds(60));
}

}  // namespace
}  // namespace selfheal
