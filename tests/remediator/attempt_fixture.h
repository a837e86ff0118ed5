// An attempt on fakes, and what a test lets Prometheus say meanwhile.
#pragma once

#include <functional>

#include <gtest/gtest.h>

#include "tests/remediator/workshop.h"

namespace selfheal {

class AttemptFixture : public testing::Test {
 protected:
  void policy(const std::function<void(FakePrometheus::State&)>& change) {
    shop_.prometheus.set(change);
  }
  Attempt last_attempt() { return shop_.incident().attempts.back(); }
  // Up to the verification.
  void act() {
    shop_.fire();
    shop_.step();
    ASSERT_EQ(shop_.incident().state, IncidentState::verifying);
  }
  void heal() {
    policy([](FakePrometheus::State& state) { state.health = Health::proven; });
    shop_.run(std::chrono::seconds(1));
    ASSERT_EQ(shop_.incident().outcome, IncidentOutcome::recovered);
    policy([](FakePrometheus::State& state) { state.health = Health::unproven; });
  }

  Workshop shop_;
};

}  // namespace selfheal
