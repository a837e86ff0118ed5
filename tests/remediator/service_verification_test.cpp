#include "remediator/act/service_verification.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remediator/act/service_attempts.h"
#include "tests/remediator/fake_prometheus.h"
#include "tests/remediator/samples.h"

namespace selfheal {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::IsEmpty;

class ServiceHealthTest : public testing::Test {
 protected:
  ServiceHealthTest() {
    service_.name = "web";
    service_.force_update = 1;
    service_.replicas = 2;
    service_.update_state = ServiceUpdateState::completed;
    service_.updated_at = service_.update_started_at = kNow;
    for (const char* id : {"aa", "bb"}) {
      TaskDetails task;
      task.id = id;
      task.slot = tasks_.size() + 1;
      task.force_update = 1;
      task.running = true;
      task.state = "running";
      task.since = kNow;
      tasks_.push_back(task);
    }
    attempt_.acted_at = kNow;
  }
  HealthAnswer by_manager(std::chrono::nanoseconds age = seconds(60)) const {
    return manager_health(service_, tasks_, kNow + age, settings_);
  }
  HealthAnswer asked(std::chrono::nanoseconds age = seconds(60)) {
    return ask_service_health(prometheus_, "box", service_, tasks_, kNow + age, settings_);
  }
  void become(Health health) {
    prometheus_.set([&](FakePrometheus::State& state) { state.health = health; });
  }
  void expect_unproven(const std::string& why) {
    EXPECT_EQ(by_manager().health, Health::unproven);
    EXPECT_THAT(by_manager().detail, HasSubstr(why));
    become(Health::proven);
    EXPECT_EQ(asked().health, Health::unproven) << "whatever the probes of some say";
  }

  ServiceDetails service_;
  Tasks tasks_;
  Attempt attempt_;
  VerificationSettings settings_;
  FakePrometheus prometheus_;
};

TEST_F(ServiceHealthTest, ByTheManagerAllTasksMustHaveRunForTenSeconds) {
  EXPECT_EQ(by_manager(seconds(9)).health, Health::unproven);
  EXPECT_EQ(by_manager(seconds(10)).health, Health::proven);
  tasks_[1].since += seconds(1);
  EXPECT_EQ(by_manager(seconds(10)).health, Health::unproven);
}

TEST_F(ServiceHealthTest, TheUpdateMustBeComplete) {
  service_.container_labels["selfheal.enable"] = "true";
  service_.update_state = ServiceUpdateState::updating;
  tasks_[1].force_update = 0;
  expect_unproven("1 of 2 tasks are new and run");
  service_.update_state = ServiceUpdateState::completed;
  expect_unproven("1 of 2 tasks are new and run");
}

TEST_F(ServiceHealthTest, EachWantedTaskMustRun) {
  tasks_[1].running = false;
  tasks_[1].error = "no suitable node";
  expect_unproven("no suitable node");
  tasks_.pop_back();
  expect_unproven("1 of 2 tasks");
}

TEST_F(ServiceHealthTest, WatchedContainersHaveToProveThemselves) {
  service_.container_labels["selfheal.enable"] = "true";
  EXPECT_EQ(asked().health, Health::unproven);
  become(Health::seen_healthy);
  EXPECT_EQ(asked().health, Health::seen_healthy);
  become(Health::proven);
  EXPECT_EQ(asked().health, Health::proven);
  prometheus_.set([](FakePrometheus::State& state) { state.down = true; });
  EXPECT_EQ(asked().health, Health::unproven);
}

TEST_F(ServiceHealthTest, WithoutProbesTheManagersWordCounts) {
  service_.container_labels["selfheal.enable"] = "true";
  prometheus_.set([](FakePrometheus::State& state) { state.has_probes = false; });
  EXPECT_EQ(asked(seconds(9)).health, Health::unproven);
  EXPECT_EQ(asked(seconds(10)).health, Health::proven);
}

TEST_F(ServiceHealthTest, ContainersThatNobodyWatchesAreNotAskedFor) {
  EXPECT_EQ(asked(seconds(10)).health, Health::proven);
  EXPECT_THAT(prometheus_.queries(), IsEmpty());
}

TEST_F(ServiceHealthTest, TheQueryIsOfTheContainersOfAllTasks) {
  EXPECT_EQ(
      service_proven_query(service_, tasks_, settings_),
      R"(count(min by (host, container) (selfheal_probe_consecutive_successes{container=~"web[.]1[.]aa|web[.]2[.]bb"}) >= 2)"
      R"( and on (host, container) (min by (host, container) (selfheal_probe_last_success_timestamp_seconds{container=~"web[.]1[.]aa|web[.]2[.]bb"}))"
      R"( - max by (host, container) (selfheal_container_start_time_seconds{container=~"web[.]1[.]aa|web[.]2[.]bb"}) >= 10.000)) == 2)");
}

TEST_F(ServiceHealthTest, AnUpdateThatStopsByItselfHasFailed) {
  EXPECT_FALSE(failed_update(service_));
  service_.update_message = "update paused due to failure";
  for (const auto state : {ServiceUpdateState::paused, ServiceUpdateState::rolling_back,
                           ServiceUpdateState::rolled_back, ServiceUpdateState::rollback_paused}) {
    service_.update_state = state;
    EXPECT_THAT(failed_update(service_).value_or(""), HasSubstr("due to failure"));
  }
}

// One task after another: the time is for each step, and not for all together.
TEST_F(ServiceHealthTest, TheVerdictWaitsForWhatGoesOn) {
  settings_.timeout = seconds(60);
  service_.update_pause = seconds(5);
  EXPECT_EQ(verdict_due_at(attempt_, service_, tasks_, settings_), kNow + seconds(65));
  tasks_[0].since = kNow + seconds(40);
  EXPECT_EQ(verdict_due_at(attempt_, service_, tasks_, settings_), kNow + seconds(105));
  tasks_[0].since = kNow + seconds(100'000);  // tasks that come and go
  EXPECT_EQ(verdict_due_at(attempt_, service_, tasks_, settings_), kNow + seconds(3 * 65));
}

TEST(AttemptsInARow, AreThoseWithoutATimeOfHealthBetween) {
  const auto span = [](int begin, int end) {
    return AttemptSpan{kNow + seconds(begin), kNow + seconds(end), false};
  };
  const Milliseconds reset{600'000};
  EXPECT_EQ(attempts_in_a_row({}, kNow, reset), 0);
  const std::vector<AttemptSpan> attempts{span(0, 60), span(100, 160), span(900, 960)};
  EXPECT_EQ(attempts_in_a_row(attempts, kNow + seconds(970), reset), 1) << "healthy from 160 on";
  EXPECT_EQ(attempts_in_a_row(attempts, kNow + seconds(1559), reset), 1);
  EXPECT_EQ(attempts_in_a_row(attempts, kNow + seconds(1560), reset), 0);
  EXPECT_EQ(attempts_in_a_row({span(0, 60), span(100, 160)}, kNow + seconds(50), reset), 2)
      << "the failure began before them, and goes on";
  EXPECT_EQ(attempts_in_a_row({{kNow, std::nullopt, false}}, kNow + hours(9), reset), 1)
      << "that is under way";
}

TEST(CountForService, WhatItsLabelsGrantIsThatOfTheLastThatWasJudged) {
  const auto last = [](const std::string& container, IncidentState state, int per_hour) {
    AttemptCount count;
    count.container = container;
    count.service = "service/web";
    count.state = state;
    if (state == IncidentState::closed) count.closed_at = kNow;
    count.budget_per_hour = per_hour;
    if (per_hour > 0) count.service_id = "s1";
    return count;
  };
  std::vector<AttemptCount> all{last("web.1.a", IncidentState::closed, 10),
                                last("service/web", IncidentState::waiting, 0)};
  EXPECT_EQ(count_for_service(all, {}, Milliseconds(600'000), kNow).budget_per_hour, 10);
  all.back().service_id = "s1";
  EXPECT_EQ(count_for_service(all, {}, Milliseconds(600'000), kNow).budget_per_hour, 0);
}

}  // namespace
}  // namespace selfheal
