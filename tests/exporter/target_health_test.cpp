#include "exporter/health/target_health.h"

#include <gtest/gtest.h>

#include "tests/exporter/samples.h"

namespace selfheal {
namespace {

using std::chrono::seconds;

ProbeSettings quick(int failures = 3, int successes = 1) {
  ProbeSettings settings;
  settings.interval = seconds(1);
  settings.edge_interval = Milliseconds(300);
  settings.failure_threshold = failures;
  settings.success_threshold = successes;
  settings.start_period = seconds(10);
  return settings;
}

// A container that has been up for long.
TargetHealth settled_health(const ProbeSettings& settings) {
  TargetHealth health(settings, at(-100), at(0));
  for (int i = 0; i < settings.success_threshold; ++i) health.record(pass_at(i));
  return health;
}

TEST(TargetHealth, NothingIsKnownBeforeTheFirstResult) {
  const TargetHealth health(quick(), at(-100), at(0));
  EXPECT_EQ(health.verdict(), Verdict::unknown);
  EXPECT_FALSE(health.concluded());
  EXPECT_TRUE(health.between_states(at(0)));
}

TEST(TargetHealth, HealthyAfterTheSuccessThreshold) {
  TargetHealth health(quick(3, 2), at(-100), at(0));
  health.record(pass_at(1));
  EXPECT_EQ(health.verdict(), Verdict::unknown);
  health.record(pass_at(2));
  EXPECT_EQ(health.verdict(), Verdict::healthy);
  EXPECT_TRUE(health.settled());
  EXPECT_FALSE(health.between_states(at(2)));
  EXPECT_EQ(health.last_success(), at(2));
}

TEST(TargetHealth, UnhealthyAfterTheFailureThreshold) {
  TargetHealth health = settled_health(quick());
  const HealthStep first = health.record(fail_at(10));
  EXPECT_TRUE(first.first_failure);
  EXPECT_FALSE(first.became_unhealthy);
  EXPECT_EQ(health.verdict(), Verdict::healthy);
  EXPECT_FALSE(health.record(fail_at(11)).first_failure);
  EXPECT_TRUE(health.record(fail_at(12)).became_unhealthy);
  EXPECT_EQ(health.verdict(), Verdict::unhealthy);
  EXPECT_FALSE(health.record(fail_at(13)).became_unhealthy);
  EXPECT_EQ(health.consecutive_failures(), 4);
  EXPECT_EQ(health.failing_since(), at(10));
}

TEST(TargetHealth, AThresholdOfOneIsReachedByTheFirst) {
  TargetHealth health = settled_health(quick(1));
  const HealthStep step = health.record(fail_at(10));
  EXPECT_TRUE(step.first_failure);
  EXPECT_TRUE(step.became_unhealthy);
}

TEST(TargetHealth, OneSuccessEndsTheRunButNotTheVerdict) {
  TargetHealth health = settled_health(quick(2, 2));
  health.record(fail_at(10));
  health.record(fail_at(11));
  health.record(pass_at(12));
  EXPECT_EQ(health.consecutive_failures(), 0);
  EXPECT_EQ(health.failing_since(), std::nullopt);
  EXPECT_EQ(health.verdict(), Verdict::unhealthy);
  EXPECT_TRUE(health.between_states(at(1000)));
  health.record(pass_at(13));
  EXPECT_EQ(health.verdict(), Verdict::healthy);
}

TEST(TargetHealth, InconclusiveChangesNothing) {
  TargetHealth health = settled_health(quick());
  health.record(fail_at(10));
  health.record(inconclusive("no answer"));
  EXPECT_EQ(health.consecutive_failures(), 1);
  EXPECT_EQ(health.failing_since(), at(10));
  EXPECT_FALSE(health.last_passed());
}

TEST(TargetHealth, FailuresDontCountInTheStartPeriod) {
  TargetHealth health(quick(1), at(0), at(0));
  EXPECT_FALSE(health.record(fail_at(5)).became_unhealthy);
  EXPECT_EQ(health.consecutive_failures(), 0);
  EXPECT_EQ(health.failing_since(), std::nullopt);
  EXPECT_TRUE(health.concluded());
  EXPECT_TRUE(health.record(fail_at(10)).became_unhealthy);
  EXPECT_EQ(health.failing_since(), at(10));
}

TEST(TargetHealth, TheFirstSuccessEndsTheStartPeriod) {
  TargetHealth health(quick(2), at(0), at(0));
  health.record(fail_at(1));
  health.record(pass_at(2));
  EXPECT_TRUE(health.record(fail_at(3)).first_failure);
  EXPECT_TRUE(health.record(fail_at(4)).became_unhealthy);
}

TEST(TargetHealth, AStartEndsSuccessesAndKeepsFailures) {
  TargetHealth health = settled_health(quick());
  for (int i = 10; i < 13; ++i) health.record(fail_at(i));
  health.container_started(at(20), at(20));
  EXPECT_EQ(health.consecutive_failures(), 3);
  EXPECT_EQ(health.failing_since(), at(10));
  health.record(fail_at(21));  // in its start period
  EXPECT_EQ(health.consecutive_failures(), 3);
  EXPECT_EQ(health.failing_since(), at(10));
  health.record(pass_at(22));
  EXPECT_EQ(health.verdict(), Verdict::healthy);
  EXPECT_EQ(health.consecutive_failures(), 0);
}

TEST(TargetHealth, WhatCameOfAStopByRequestIsForgotten) {
  TargetHealth health = settled_health(quick());
  for (int i = 10; i < 14; ++i) health.record(fail_at(i));
  health.stopped_by_request(at(9.9));
  EXPECT_EQ(health.consecutive_failures(), 0);
  EXPECT_EQ(health.failing_since(), std::nullopt);
  EXPECT_EQ(health.verdict(), Verdict::unknown);
  health.container_started(at(20), at(20));
  for (int i = 31; i < 33; ++i) EXPECT_FALSE(health.record(fail_at(i)).became_unhealthy);
  EXPECT_TRUE(health.record(fail_at(33)).became_unhealthy);
  EXPECT_EQ(health.failing_since(), at(31));
}

TEST(TargetHealth, WhatWasBrokenBeforeTheStopWasAskedForStaysSo) {
  TargetHealth health = settled_health(quick());
  for (int i = 10; i < 14; ++i) health.record(fail_at(i));
  health.stopped_by_request(at(12.5));
  EXPECT_EQ(health.consecutive_failures(), 4);
  EXPECT_EQ(health.verdict(), Verdict::unhealthy);

  TargetHealth failing = settled_health(quick());
  for (int i = 10; i < 13; ++i) failing.record(fail_at(i));
  failing.stopped_by_request(at(11.5));  // the third came of it
  EXPECT_EQ(failing.consecutive_failures(), 0);
}

TEST(TargetHealth, AHealthyContainerThatRestartsIsNotSettledUntilProbed) {
  TargetHealth health = settled_health(quick());
  health.container_started(at(20), at(20));
  EXPECT_EQ(health.verdict(), Verdict::healthy);
  EXPECT_EQ(health.consecutive_successes(), 0);
  EXPECT_FALSE(health.settled());
  EXPECT_TRUE(health.between_states(at(20)));
  health.record(pass_at(21));
  EXPECT_TRUE(health.settled());
}

TEST(TargetHealth, AnUnhealthyOneIsProbedQuicklyOnlyForAWhile) {
  TargetHealth health = settled_health(quick());
  for (int i = 100; i < 103; ++i) health.record(fail_at(i));
  EXPECT_TRUE(health.between_states(at(102 + 59)));
  EXPECT_FALSE(health.between_states(at(102 + 60)));
  health.container_started(at(300), at(300));
  EXPECT_TRUE(health.between_states(at(301)));
}

TEST(TargetHealth, AFailureIsFollowedUpQuicklyHoweverLongAgoTheStartWas) {
  TargetHealth health = settled_health(quick());
  health.record(fail_at(5000));
  EXPECT_TRUE(health.between_states(at(5000)));
  health.record(pass_at(5001));
  EXPECT_FALSE(health.between_states(at(5001)));
}

}  // namespace
}  // namespace selfheal
