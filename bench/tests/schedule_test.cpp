#include "bench/race/schedule.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

namespace selfheal::race {
namespace {

ScheduleOptions part(int number) {
  ScheduleOptions options;
  options.part = number;
  return options;
}

TEST(Schedule, PartsShareTheRoundsEvenly) {
  EXPECT_EQ(rounds_in_part(30, 1, 3), 10);
  EXPECT_EQ(rounds_in_part(31, 1, 3), 11);
  EXPECT_EQ(rounds_in_part(31, 2, 3), 10);
  EXPECT_EQ(rounds_in_part(31, 1, 3) + rounds_in_part(31, 2, 3) + rounds_in_part(31, 3, 3), 31);
  EXPECT_EQ(rounds_in_part(1, 3, 3), 0);
}

TEST(Schedule, HasAsManyRoundsOfEachMode) {
  const auto rounds = plan_rounds(part(1));
  EXPECT_EQ(rounds.size(), 20u);
  EXPECT_EQ(std::count_if(rounds.begin(), rounds.end(),
                          [](const PlannedRound& round) { return round.mode == Mode::hang; }),
            10);
}

TEST(Schedule, BreaksNoContainerTwiceWhileTheyLast) {
  std::set<size_t> broken;
  for (const PlannedRound& round : plan_rounds(part(2)))
    EXPECT_TRUE(broken.insert(round.container).second) << round.container;
}

TEST(Schedule, IsTheSameForTheSameSeedAndAnotherForEachPart) {
  const auto order = [](const ScheduleOptions& options) {
    std::vector<Milliseconds> waits;
    for (const PlannedRound& round : plan_rounds(options)) waits.push_back(round.wait);
    return waits;
  };
  EXPECT_EQ(order(part(1)), order(part(1)));
  EXPECT_NE(order(part(1)), order(part(2)));
  ScheduleOptions reseeded = part(1);
  reseeded.seed = 2;
  EXPECT_NE(order(part(1)), order(reseeded));
}

TEST(Schedule, NumbersTheRoundsOverAllParts) {
  EXPECT_EQ(plan_rounds(part(1)).front().number, 1);
  EXPECT_EQ(plan_rounds(part(2)).front().number, 21);
  EXPECT_EQ(plan_rounds(part(3)).back().number, 60);
}

TEST(Schedule, WaitsAreSpreadOverThreeSeconds) {
  ScheduleOptions many = part(1);
  many.rounds_per_mode = 3000;
  auto [shortest, longest] = std::pair(Milliseconds::max(), Milliseconds(0));
  for (const PlannedRound& round : plan_rounds(many)) {
    shortest = std::min(shortest, round.wait);
    longest = std::max(longest, round.wait);
  }
  EXPECT_GE(shortest, Milliseconds(500));
  EXPECT_LT(shortest, Milliseconds(550));
  EXPECT_LT(longest, Milliseconds(3500));
  EXPECT_GE(longest, Milliseconds(3450));
}

}  // namespace
}  // namespace selfheal::race
