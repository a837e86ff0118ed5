// When incidents are stepped: when the journal says, or as the step before has asked for.
#include <thread>

#include "tests/remediator/dispatcher_fixture.h"

namespace selfheal {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

class DispatcherTest : public DispatcherFixture {};

TEST_F(DispatcherTest, WhatIsDueInTheJournalIsStepped) {
  const int64_t before = add("web");
  start();
  wait_for(before, 1);
  const int64_t later = add("db");
  dispatcher_->wake({later});
  wait_for(later, 1);
}

TEST_F(DispatcherTest, WhatIsNotDueWaits) {
  const int64_t id = add("web", kNow + seconds(10));
  start();
  pass();
  EXPECT_EQ(steps(id), 0);
  clock_.advance(seconds(10));
  dispatcher_->wake({});
  wait_for(id, 1);
}

TEST_F(DispatcherTest, AStepsAnswerIsAPause) {
  const int64_t id = add("web");
  start();
  wait_for(id, 1);
  pass();
  EXPECT_EQ(steps(id), 1) << "due by the journal, but asked to come back in an hour";
  clock_.advance(hours(1));
  dispatcher_->wake({});
  wait_for(id, 2);
}

TEST_F(DispatcherTest, WithoutAnAnswerTheJournalSaysWhen) {
  const int64_t id = add("web");
  answer(id, std::nullopt);
  hold(id);
  start();
  wait_for(id, 1);
  change(id, [](Incident& incident) { incident.next_at = kNow + seconds(5); });
  release(id);
  pass();
  EXPECT_EQ(steps(id), 1);
  clock_.advance(seconds(5));
  answer(id, clock_.wall_now() + hours(1));
  dispatcher_->wake({});
  wait_for(id, 2);
}

TEST_F(DispatcherTest, AWakeEndsAPause) {
  const int64_t id = add("web");
  start();
  wait_for(id, 1);
  pass();
  dispatcher_->wake({id});
  wait_for(id, 2);
}

// A relapse is committed while the step before it still asks Prometheus.
TEST_F(DispatcherTest, AWakeDuringAStepIsNotLost) {
  const int64_t id = add("web");
  hold(id);
  start();
  wait_for(id, 1);
  dispatcher_->wake({id});
  release(id);
  wait_for(id, 2);
  pass();
  EXPECT_EQ(steps(id), 2) << "once, and then the pause holds";
}

TEST_F(DispatcherTest, PausesBeforeTheClockWasSetDoNotCount) {
  const int64_t id = add("web");
  start();
  wait_for(id, 1);
  pass();
  clock_set_ = true;
  dispatcher_->wake({});
  wait_for(id, 2);
  pass();
  EXPECT_EQ(steps(id), 2) << "once, and then the pause holds";
}

TEST_F(DispatcherTest, WhatIsUnderWayWhenTheClockIsSetIsLookedAtAgain) {
  const int64_t id = add("web");
  hold(id);
  start();
  wait_for(id, 1);
  clock_set_ = true;
  pass();
  release(id);
  wait_for(id, 2);
}

TEST_F(DispatcherTest, ClosedOnesAreDone) {
  const int64_t id = add("web");
  close(id);
  start();
  pass();
  EXPECT_EQ(steps(id), 0);
}

TEST_F(DispatcherTest, ClosedOnesThatOweSomethingAreNot) {
  const int64_t id = add("web");
  change(id, [](Incident& incident) { incident.owes = true; });
  close(id);
  start();
  wait_for(id, 1);
  pass();
  EXPECT_EQ(steps(id), 1) << "it asked to come back in an hour";
  clock_.advance(hours(1));
  dispatcher_->wake({});
  wait_for(id, 2);
}

TEST_F(DispatcherTest, StopWaitsForTheStepUnderWay) {
  const int64_t id = add("web");
  hold(id);
  start();
  wait_for(id, 1);
  std::atomic<bool> stopped{false};
  std::thread stopper([&] {
    dispatcher_->stop();
    stopped = true;
  });
  EXPECT_FALSE(stopped);
  release(id);
  stopper.join();
  const std::lock_guard lock(mutex_);
  EXPECT_EQ(at_once_[id], 0);
}

TEST_F(DispatcherTest, StopsTwiceAndBeforeItWasStarted) {
  start();
  dispatcher_->stop();
  dispatcher_->stop();
  Dispatcher never(*journal_, clock_, 1, [](int64_t) { return Answer(); });
  never.stop();
}

TEST_F(DispatcherTest, AJournalThatCantBeReadIsTriedAgain) {
  const int64_t id = add("web", kNow + seconds(1));
  start();
  SqliteConnection other(folder_.path("journal.db"), SqliteConnection::Mode::read_write);
  other.execute("ALTER TABLE incident RENAME TO elsewhere");
  dispatcher_->wake({});
  clock_.advance(seconds(1));
  other.execute("ALTER TABLE elsewhere RENAME TO incident");
  dispatcher_->wake({});
  wait_for(id, 1);
}

}  // namespace
}  // namespace selfheal
