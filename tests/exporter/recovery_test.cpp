#include "exporter/health/recovery.h"

#include <gtest/gtest.h>

#include "tests/exporter/samples.h"

namespace selfheal {
namespace {

using std::chrono::seconds;

TEST(Recovery, FromTheFirstFailedProbeToHealthy) {
  Recovery recovery;
  recovery.failed(at(10), at(0));
  recovery.failed(at(10), at(0));
  recovery.confirmed(at(11));
  const auto event = recovery.settled(at(13), at(12));
  ASSERT_TRUE(event);
  EXPECT_EQ(event->cause, RecoveryCause::restarted);
  EXPECT_EQ(event->duration, seconds(3));
  EXPECT_FALSE(recovery.settled(at(14), at(12)));
}

TEST(Recovery, TheEarliestFailureCountsWhicheverTellsFirst) {
  Recovery recovery;
  recovery.failed(at(12), at(0));
  recovery.confirmed(at(11));
  recovery.failed(at(10), at(0));
  EXPECT_EQ(recovery.since(), at(10));
  EXPECT_EQ(recovery.settled(at(20), at(13))->duration, seconds(10));
}

TEST(Recovery, WithoutARestartItIsSpontaneous) {
  Recovery recovery;
  recovery.failed(at(10), at(0));
  recovery.confirmed(at(11));
  EXPECT_FALSE(recovery.asks_for_cause());
  EXPECT_FALSE(recovery.settled(at(13), at(0)));
  EXPECT_TRUE(recovery.asks_for_cause());
  EXPECT_FALSE(recovery.settled(at(14), at(0)));
  const auto event = recovery.cause_looked_up();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->cause, RecoveryCause::spontaneous);
  EXPECT_EQ(event->duration, seconds(3));  // until it was healthy, not until Docker said so
  EXPECT_FALSE(recovery.cause_looked_up());
}

TEST(Recovery, WhatFailsAgainBeforeTheCauseIsKnownIsTheSameOutage) {
  Recovery recovery;
  recovery.failed(at(10), at(0));
  recovery.confirmed(at(11));
  recovery.settled(at(13), at(0));
  recovery.failed(at(14), at(0));
  recovery.unsettled();
  EXPECT_FALSE(recovery.cause_looked_up());
  EXPECT_EQ(recovery.settled(at(20), at(19))->duration, seconds(10));
}

TEST(Recovery, ABlipIsNoOutage) {
  Recovery recovery;
  recovery.failed(at(10), at(0));
  EXPECT_FALSE(recovery.under_way());
  EXPECT_FALSE(recovery.settled(at(11), at(0)));
  recovery.failed(at(20), at(0));
  recovery.confirmed(at(11));
  EXPECT_EQ(recovery.settled(at(21), at(20))->duration, seconds(1));
}

TEST(Recovery, ADeathIsAnOutageAtOnce) {
  Recovery recovery;
  recovery.died(at(10), at(0));
  EXPECT_TRUE(recovery.under_way());
  EXPECT_EQ(recovery.settled(at(12), at(11))->duration, seconds(2));
}

TEST(Recovery, CountsFromTheFailureThatCameBeforeTheDeath) {
  Recovery recovery;
  recovery.failed(at(9), at(0));
  recovery.died(at(10), at(0));
  EXPECT_EQ(recovery.settled(at(12), at(11))->duration, seconds(3));
}

TEST(Recovery, ADeathThatTurnsOutToBeRequestedIsNone) {
  Recovery recovery;
  recovery.died(at(10), at(0));
  recovery.stopped_by_request(std::nullopt);
  EXPECT_FALSE(recovery.settled(at(12), at(11)));
}

TEST(Recovery, TheRequestedStopOfARestartDoesNotEndTheOutage) {
  Recovery recovery;
  recovery.failed(at(10), at(0));
  recovery.confirmed(at(11));
  recovery.confirmed(at(12));  // it fails on, while it stops
  recovery.stopped_by_request(at(11.5));
  EXPECT_EQ(recovery.settled(at(14), at(13))->cause, RecoveryCause::restarted);
}

TEST(Recovery, WhatCameOfAStopByRequestIsNoOutage) {
  Recovery recovery;
  recovery.failed(at(10), at(0));
  recovery.confirmed(at(11));
  recovery.stopped_by_request(at(9.9));
  EXPECT_FALSE(recovery.settled(at(13), at(12)));
}

TEST(Recovery, WhereNobodyKnowsWhenItWasAskedTheOutageGoesOn) {
  Recovery recovery;
  recovery.failed(at(10), at(0));
  recovery.confirmed(at(11));
  recovery.stopped_by_request(std::nullopt);
  EXPECT_TRUE(recovery.settled(at(13), at(12)));
}

TEST(Recovery, AbandonedIsForgotten) {
  Recovery recovery;
  recovery.failed(at(10), at(0));
  recovery.confirmed(at(11));
  recovery.abandon();
  EXPECT_FALSE(recovery.settled(at(13), at(12)));
}

TEST(Recovery, AClockThatIsBehindMakesNoNegativeDuration) {
  Recovery recovery;
  recovery.died(at(10), at(0));
  EXPECT_EQ(recovery.settled(at(9), at(10))->duration, seconds(0));
}

}  // namespace
}  // namespace selfheal
