// The clock is set an hour forward or back while something that has a length goes on: a lease, a
// pause, a budget, silence. It stays as long as it was.
#include "remediator/journal/retention.h"
#include "remediator/view/readiness.h"
#include "tests/remediator/clock_fixture.h"

namespace selfheal {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class ClockSpansTest : public FaultsClockTest {};

INSTANTIATE_TEST_SUITE_P(AnHour, ClockSpansTest, testing::Values(1, -1), direction);

TEST_P(ClockSpansTest, WhileALifeOfWaitingRuns) {
  hold(true);
  shop_.fire();
  shop_.run(minutes(5));
  set_clock();
  shop_.run(minutes(5) - seconds(10));
  EXPECT_EQ(shop_.incident().state, IncidentState::waiting);
  shop_.repeats = false;
  shop_.run(seconds(20));
  EXPECT_EQ(shop_.incident().outcome, IncidentOutcome::expired);
}

TEST_P(ClockSpansTest, ALeaseLastsAsLongAsItWas) {
  shop_.repeats = false;
  hold(true);
  shop_.fire();
  shop_.run(seconds(20));
  set_clock();
  shop_.run(seconds(20));
  EXPECT_EQ(shop_.incident().reason, "hold");
  shop_.run(seconds(11));
  hold(false);
  shop_.run(minutes(1));
  EXPECT_EQ(shop_.incident().reason, "lease_over");
  EXPECT_THAT(shop_.actions(), IsEmpty());
}

TEST_P(ClockSpansTest, BetweenTwoFailuresOfAContainer) {
  shop_.fire();
  shop_.step();
  expect_recovery();
  shop_.run(minutes(2));
  set_clock();
  shop_.run(minutes(2));
  become(Health::unproven);
  shop_.fire();
  shop_.run(seconds(1));
  EXPECT_THAT(shop_.actions(), SizeIs(2)) << "it is healed at once";
  EXPECT_EQ(shop_.incident().attempts_used(), 2) << "and its attempts go on counting";
}

TEST_P(ClockSpansTest, APauseLastsAsLongAsItWasAskedFor) {
  const WallTime now = shop_.clock.wall_now();
  const Pause pause{{PauseScope::all, "", ""}, "", now, now + minutes(8)};
  ASSERT_TRUE(shop_.journal->write([&](JournalWriter& writer) { writer.begin_pause(pause); }).ok());
  shop_.fire();
  shop_.run(minutes(4));
  set_clock();
  shop_.run(minutes(4) - seconds(5));
  EXPECT_EQ(shop_.incident().reason, "paused");
  EXPECT_THAT(shop_.actions(), IsEmpty());
  shop_.run(seconds(10));
  EXPECT_THAT(shop_.actions(), SizeIs(1));
}

TEST_P(ClockSpansTest, AnHoursBudgetStaysThatOfAnHour) {
  RemediatorSettings sparing;
  sparing.guards.budget.per_hour = 1;
  shop_.settings.set(sparing);
  shop_.fire();
  shop_.step();
  expect_recovery();
  shop_.run(minutes(10));
  set_clock();
  shop_.run(minutes(10));
  become(Health::unproven);
  shop_.fire();
  shop_.run(minutes(1));
  EXPECT_EQ(shop_.incident().reason, "budget_of_container");
  EXPECT_THAT(shop_.actions(), SizeIs(1));
  shop_.run(minutes(40));
  EXPECT_THAT(shop_.actions(), SizeIs(2));
}

TEST_P(ClockSpansTest, APersonsResetCounts) {
  RemediatorSettings sparing;
  sparing.guards.budget.per_hour = 1;
  shop_.settings.set(sparing);
  shop_.fire();
  shop_.step();
  expect_recovery();
  set_clock();
  become(Health::unproven);
  shop_.run(minutes(1));
  shop_.fire();
  shop_.run(seconds(1));
  ASSERT_EQ(shop_.incident().reason, "budget_of_container");
  const WallTime now = shop_.journal_clock.wall_now();
  ASSERT_TRUE(
      shop_.journal->write([&](JournalWriter& writer) { writer.reset("box", "web", now); }).ok());
  shop_.run(seconds(5));
  EXPECT_THAT(shop_.actions(), SizeIs(2));
}

TEST_P(ClockSpansTest, NothingIsRemovedForIt) {
  shop_.fire();
  shop_.step();
  expect_recovery();
  set_clock();
  shop_.run(seconds(1));
  Retention retention(*shop_.journal, shop_.settings, shop_.journal_clock);
  EXPECT_EQ(retention.pass(), 0);
}

TEST_P(ClockSpansTest, TheWatchdogIsMissedAsSoonAsItWouldHaveBeen) {
  const Readiness readiness(shop_.hosts, *shop_.journal, shop_.settings, shop_.journal_clock);
  ReceivedAlert watchdog;
  watchdog.fingerprint = "w";
  watchdog.labels = {{"alertname", "Watchdog"}};
  shop_.fire();
  shop_.accept({watchdog});
  shop_.run(minutes(2));
  set_clock();
  shop_.run(minutes(2));
  EXPECT_THAT(readiness.reasons_against(), IsEmpty());
  shop_.run(minutes(2));
  EXPECT_THAT(readiness.reasons_against(), Contains(HasSubstr("no Watchdog for 6m")));
}

}  // namespace
}  // namespace selfheal
