#include "remediator/act/due_schedule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/remediator/samples.h"

namespace selfheal {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(DueSchedule, GivesWhatIsDueTheMostUrgentFirst) {
  DueSchedule schedule;
  schedule.set(1, kNow);
  schedule.set(2, kNow - seconds(2));
  schedule.set(3, kNow + seconds(1));
  EXPECT_THAT(schedule.take_due(kNow), ElementsAre(2, 1));
  EXPECT_EQ(schedule.next(), kNow + seconds(1));
}

TEST(DueSchedule, GivesEachOnce) {
  DueSchedule schedule;
  schedule.set(1, kNow);
  EXPECT_THAT(schedule.take_due(kNow), ElementsAre(1));
  EXPECT_THAT(schedule.take_due(kNow), IsEmpty());
  EXPECT_EQ(schedule.next(), std::nullopt);
}

TEST(DueSchedule, WhatIsKnownLastCounts) {
  DueSchedule schedule;
  schedule.set(1, kNow);
  schedule.set(1, kNow + seconds(5));
  EXPECT_THAT(schedule.take_due(kNow), IsEmpty());
  schedule.set(1, kNow - seconds(5));
  EXPECT_THAT(schedule.take_due(kNow), ElementsAre(1));
  EXPECT_THAT(schedule.take_due(kNow + seconds(5)), IsEmpty());
}

TEST(DueSchedule, ForgetsWhatIsErasedKnownOrNot) {
  DueSchedule schedule;
  schedule.set(1, kNow);
  schedule.set(2, kNow);
  schedule.erase(1);
  schedule.erase(7);
  EXPECT_THAT(schedule.take_due(kNow), ElementsAre(2));
}

}  // namespace
}  // namespace selfheal
