#include "exporter/health/probe_numbers.h"

#include <gtest/gtest.h>

#include "tests/exporter/samples.h"

namespace selfheal {
namespace {

ProbeResult lasting(ProbeResult result, std::chrono::seconds duration) {
  result.duration = duration;
  return result;
}

TEST(ProbeNumbers, CountsByReasonAndDuration) {
  ProbeNumbers numbers;
  numbers.count(pass_at(0));
  numbers.count(lasting(fail_at(10, ProbeReason::timeout), std::chrono::seconds(60)));
  numbers.count(lasting(fail_at(20, ProbeReason::timeout), std::chrono::seconds(61)));
  EXPECT_EQ(numbers.attempts, 3U);
  EXPECT_EQ(numbers.failures[static_cast<size_t>(ProbeReason::timeout)], 2U);
  EXPECT_EQ(numbers.last_failure, ProbeReason::timeout);
  EXPECT_EQ(numbers.durations[1], 1U);  // 2 ms
  EXPECT_EQ(numbers.durations[7], 1U);  // 60 s, the last bound
  EXPECT_EQ(numbers.durations[8], 1U);  // above
  EXPECT_DOUBLE_EQ(numbers.duration_sum_s, 121.002);
}

TEST(ProbeNumbers, WhatTellsNothingIsAnAttemptAndNoFailure) {
  ProbeNumbers numbers;
  numbers.count(inconclusive("starting"));
  EXPECT_EQ(numbers.attempts, 1U);
  EXPECT_FALSE(numbers.last_failure);
}

TEST(ProbeNumbers, ACertificateIsRememberedWhileNoneIsShown) {
  ProbeNumbers numbers;
  ProbeResult expired = fail_at(0, ProbeReason::tls);
  expired.cert_expiry = at(-10);
  numbers.count(expired);
  numbers.count(fail_at(1, ProbeReason::refused));
  EXPECT_EQ(numbers.cert_expiry_s, to_unix_seconds(at(-10)));
}

TEST(ProbeNumbers, ShowsTheHealth) {
  ProbeSettings settings;
  settings.start_period = Milliseconds(0);
  TargetHealth health(settings, at(0), at(0));
  health.record(pass_at(1));
  health.record(fail_at(10));
  ProbeNumbers numbers;
  numbers.show(health);
  EXPECT_TRUE(numbers.concluded);
  EXPECT_FALSE(numbers.success);
  EXPECT_TRUE(numbers.healthy);
  EXPECT_EQ(numbers.consecutive_failures, 1);
  EXPECT_EQ(numbers.failing_since_s, to_unix_seconds(at(10)));
  EXPECT_EQ(numbers.last_success_s, to_unix_seconds(at(1)));
}

TEST(ProbeNumbers, PassingSinceIsTheFirstSuccessOfTheRun) {
  TargetHealth health(ProbeSettings{}, at(0), at(0));
  ProbeNumbers numbers;
  for (const double second : {1.0, 2.0, 3.0}) {
    health.record(pass_at(second));
    numbers.show(health);
  }
  EXPECT_EQ(numbers.passing_since_s, to_unix_seconds(at(1)));
  health.record(fail_at(100));
  numbers.show(health);
  health.record(pass_at(101));
  numbers.show(health);
  EXPECT_EQ(numbers.passing_since_s, to_unix_seconds(at(101)));
}

TEST(ProbeNumbers, TellsTheLastProbeWhateverItsOutcome) {
  ProbeNumbers numbers;
  numbers.count(pass_at(1));
  numbers.count(fail_at(2));
  EXPECT_EQ(numbers.last_probe_s, to_unix_seconds(at(2)));
  EXPECT_FLOAT_EQ(numbers.last_duration_s, 0.002F);
}

}  // namespace
}  // namespace selfheal
