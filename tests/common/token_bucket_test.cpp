#include "common/http/token_bucket.h"

#include <gtest/gtest.h>

namespace selfheal {
namespace {

SteadyTime at_ms(int ms) {
  return SteadyTime(Milliseconds(100'000 + ms));
}

TEST(TokenBucketTest, ABurstThenOneAnInterval) {
  TokenBucket bucket;
  const Milliseconds interval(100);
  EXPECT_TRUE(bucket.allow(interval, 2, at_ms(0)));
  EXPECT_TRUE(bucket.allow(interval, 2, at_ms(0)));
  EXPECT_FALSE(bucket.allow(interval, 2, at_ms(50)));
  EXPECT_TRUE(bucket.allow(interval, 2, at_ms(100)));
  EXPECT_FALSE(bucket.allow(interval, 2, at_ms(150)));
  EXPECT_TRUE(bucket.allow(interval, 2, at_ms(10'000)));
  EXPECT_TRUE(bucket.allow(interval, 2, at_ms(10'000)));
  EXPECT_FALSE(bucket.allow(interval, 2, at_ms(10'000))) << "it never holds more than the burst";
}

TEST(TokenBucketTest, WithoutABurstNothingIsAllowed) {
  TokenBucket bucket;
  EXPECT_FALSE(bucket.allow(Milliseconds(100), 0, at_ms(0)));
  EXPECT_FALSE(bucket.allow(Milliseconds(100), 0, at_ms(10'000)));
}

}  // namespace
}  // namespace selfheal
