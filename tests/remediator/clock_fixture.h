// The system's clock is set an hour forward or back while a container is healed: on fakes, by a
// clock that a test moves.
#pragma once

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/remediator/workshop.h"

namespace selfheal {

inline std::string direction(const testing::TestParamInfo<int>& hour) {
  return hour.param > 0 ? "forward" : "back";
}

// By how many hours the clock is set.
class FaultsClockTest : public testing::TestWithParam<int> {
 protected:
  void set_clock() { shop_.clock.set_wall(std::chrono::hours(GetParam())); }
  void policy(const std::function<void(FakePrometheus::State&)>& change) {
    shop_.prometheus.set(change);
  }
  void hold(bool held) {
    policy([held](FakePrometheus::State& state) {
      state.holds = held ? std::vector<std::string>{"storm"} : std::vector<std::string>{};
    });
  }
  void become(Health health) {
    policy([health](FakePrometheus::State& state) { state.health = health; });
  }
  Attempt last_attempt() { return shop_.incident().attempts.back(); }
  void expect_recovery(size_t actions = 1) {
    become(Health::proven);
    shop_.run(std::chrono::seconds(1));
    EXPECT_EQ(shop_.incident().outcome, IncidentOutcome::recovered);
    EXPECT_THAT(shop_.actions(), testing::SizeIs(actions));
  }
  // People and metrics are told of it.
  void expect_told() {
    const char* words = GetParam() > 0 ? "set forward by 1h" : "set back by 1h";
    std::vector<std::string> details;
    for (const DecisionRow& row : shop_.decisions())
      if (row.reason == "clock_set") details.push_back(row.detail);
    EXPECT_THAT(details, testing::Contains(testing::HasSubstr(words)));
    EXPECT_THAT(shop_.metrics_text(),
                testing::HasSubstr("decisions_total{decision=\"wait\",reason=\"clock_set\"} 1"));
  }

  Workshop shop_;
};

}  // namespace selfheal
