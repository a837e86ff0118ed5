#include "bench/load/post_plan.h"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

namespace selfheal::bench {
namespace {

using namespace std::chrono_literals;

TEST(PostPlan, AStormTellsOfEveryContainerInEachWave) {
  const auto plan = plan_storm({});
  ASSERT_EQ(plan.size(), 10'000u);
  std::map<std::pair<int, int>, int> times;  // by container and kind
  for (const PlannedPost& post : plan) ++times[{post.container, post.kind}];
  EXPECT_EQ(times.size(), 2'000u);
  for (const auto& [alert, count] : times) EXPECT_EQ(count, 5) << alert.first;
}

TEST(PostPlan, AStormComesInBurstsWithinTenSeconds) {
  const auto plan = plan_storm({});
  EXPECT_TRUE(std::is_sorted(plan.begin(), plan.end(),
                             [](const auto& a, const auto& b) { return a.due < b.due; }));
  EXPECT_LT(plan.back().due, 10s);
  EXPECT_EQ(plan[0].due, plan[63].due);
  EXPECT_LT(plan[63].due, plan[64].due);
  EXPECT_LT(plan[999].due, 250ms);
  EXPECT_EQ(plan[1000].due, 1s);
}

TEST(PostPlan, EvenlyIsEven) {
  const auto plan = plan_evenly(4, 100, 3);
  ASSERT_EQ(plan.size(), 4u);
  EXPECT_EQ(plan[3].due, 30ms);
  EXPECT_EQ(plan[2].container, 2);
  EXPECT_EQ(plan[3].container, 0);
}

TEST(PostPlan, WithoutARateAllIsDueAtOnce) {
  for (const PlannedPost& post : plan_evenly(3, 0, 3)) EXPECT_EQ(post.due, 0ns);
}

}  // namespace
}  // namespace selfheal::bench
