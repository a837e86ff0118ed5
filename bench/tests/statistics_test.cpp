#include "bench/race/statistics.h"

#include <gtest/gtest.h>

namespace selfheal::race {
namespace {

TEST(Statistics, MedianOfAnOddNumberIsTheMiddleOne) {
  EXPECT_DOUBLE_EQ(quantile({3, 1, 2}, 0.5), 2);
}

TEST(Statistics, MedianOfAnEvenNumberLiesBetweenTheTwoInTheMiddle) {
  EXPECT_DOUBLE_EQ(quantile({4, 1, 3, 2}, 0.5), 2.5);
}

TEST(Statistics, QuantilesInterpolate) {
  EXPECT_DOUBLE_EQ(quantile({0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100}, 0.9), 90);
  EXPECT_DOUBLE_EQ(quantile({0, 100}, 0.9), 90);
}

TEST(Statistics, ASingleValueIsEveryQuantile) {
  const auto summary = summarize({7});
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->count, 1u);
  EXPECT_DOUBLE_EQ(summary->min, 7);
  EXPECT_DOUBLE_EQ(summary->p90, 7);
  EXPECT_DOUBLE_EQ(summary->max, 7);
}

TEST(Statistics, OfNothingThereIsNoSummary) {
  EXPECT_FALSE(summarize({}));
}

}  // namespace
}  // namespace selfheal::race
