#include "exporter/health/probe_schedule.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/exporter/samples.h"

namespace selfheal {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr Milliseconds kInterval{1'000};

std::vector<TargetId> taken(ProbeSchedule& schedule, SteadyTime now, size_t limit = 100) {
  std::vector<TargetId> targets;
  for (const auto& due : schedule.take_due(now, limit)) targets.push_back(due.target);
  return targets;
}

TEST(Phase, IsTheSameForTheSameIdentityAndWithinTheInterval) {
  EXPECT_EQ(phase_of("host/web/default", kInterval), phase_of("host/web/default", kInterval));
  for (int i = 0; i < 1000; ++i) {
    const auto phase = phase_of("web-" + std::to_string(i), kInterval);
    EXPECT_GE(phase, nanoseconds(0));
    EXPECT_LT(phase, kInterval);
  }
}

TEST(Phase, SpreadsNeighbours) {
  std::vector<int> tenths(10);
  for (int i = 0; i < 1000; ++i)
    ++tenths[static_cast<size_t>(phase_of("web-" + std::to_string(i), kInterval) /
                                 milliseconds(100))];
  EXPECT_GT(*std::min_element(tenths.begin(), tenths.end()), 60);
  EXPECT_LT(*std::max_element(tenths.begin(), tenths.end()), 140);
}

TEST(Grid, TheNextTickComesAfterNow) {
  const nanoseconds phase = milliseconds(250);
  const SteadyTime tick = steady(0.25);
  const GridTick next = next_tick(phase, kInterval, tick, tick + milliseconds(3));
  EXPECT_EQ(next.due, tick + kInterval);
  EXPECT_EQ(next.skipped, 0U);
  EXPECT_EQ(next_tick(phase, kInterval, tick, tick).due, tick + kInterval);
}

TEST(Grid, DoesNotDrift) {
  SteadyTime due = steady(0.25);
  for (int i = 0; i < 1000; ++i)
    due = next_tick(milliseconds(250), kInterval, due, due + milliseconds(37)).due;
  EXPECT_EQ(due, steady(1000.25));
}

TEST(Grid, CountsWhatASlowProbeSkipped) {
  const SteadyTime tick = steady(0.25);
  const GridTick next = next_tick(milliseconds(250), kInterval, tick, tick + milliseconds(2'500));
  EXPECT_EQ(next.due, tick + milliseconds(3'000));
  EXPECT_EQ(next.skipped, 2U);
}

TEST(Grid, WorksBeforeItsFirstTick) {
  const SteadyTime early{milliseconds(100)};
  EXPECT_EQ(next_tick(milliseconds(250), kInterval, early, early).due,
            SteadyTime(milliseconds(250)));
}

TEST(Edge, CountsFromTheStartAndAtOnceAfterAHang) {
  const SteadyTime started = steady(0);
  EXPECT_EQ(next_edge(milliseconds(300), started, steady(0.01)), steady(0.3));
  EXPECT_EQ(next_edge(milliseconds(300), started, steady(0.5)), steady(0.5));
}

TEST(Schedule, TakesWhatIsDueTheMostOverdueFirst) {
  ProbeSchedule schedule;
  schedule.set(1, steady(3));
  schedule.set(2, steady(1));
  schedule.set(3, steady(2));
  EXPECT_EQ(schedule.next(), steady(1));
  EXPECT_THAT(taken(schedule, steady(2)), ElementsAre(2, 3));
  EXPECT_THAT(taken(schedule, steady(2)), IsEmpty());
  EXPECT_EQ(schedule.next(), steady(3));
}

TEST(Schedule, SettingAgainReplaces) {
  ProbeSchedule schedule;
  schedule.set(1, steady(1));
  schedule.set(1, steady(5));
  EXPECT_EQ(schedule.next(), steady(5));
  schedule.set(1, steady(2));
  EXPECT_THAT(taken(schedule, steady(9)), ElementsAre(1));
  EXPECT_EQ(schedule.next(), std::nullopt);
}

TEST(Schedule, RemovedIsNotDue) {
  ProbeSchedule schedule;
  schedule.set(1, steady(1));
  schedule.remove(1);
  EXPECT_EQ(schedule.next(), std::nullopt);
  schedule.set(1, steady(2));
  EXPECT_THAT(taken(schedule, steady(3)), ElementsAre(1));
}

TEST(Schedule, TakesInBatches) {
  ProbeSchedule schedule;
  for (TargetId id = 1; id <= 10; ++id) schedule.set(id, steady(1));
  EXPECT_THAT(taken(schedule, steady(1), 4), SizeIs(4));
  EXPECT_EQ(schedule.next(), steady(1));
  EXPECT_THAT(taken(schedule, steady(1), 100), SizeIs(6));
}

TEST(Schedule, StaysTrueUnderManyChanges) {
  ProbeSchedule schedule;
  for (int round = 0; round < 1000; ++round)
    for (TargetId id = 1; id <= 5; ++id) schedule.set(id, steady(1000 - round));
  EXPECT_EQ(schedule.next(), steady(1));
  EXPECT_THAT(taken(schedule, steady(2000)), SizeIs(5));
  EXPECT_EQ(schedule.size(), 0U);
}

}  // namespace
}  // namespace selfheal
