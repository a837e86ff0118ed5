#include "remediator/act/dispatcher.h"

#include <atomic>
#include <condition_variable>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/remediator/samples.h"
#include "tests/support/manual_clock.h"
#include "tests/support/temp_folder.h"

namespace selfheal {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

class DispatcherTest : public testing::Test {
 protected:
  using Answer = std::optional<WallTime>;

  DispatcherTest() { journal_ = *Journal::open(folder_.path("journal.db")); }
  ~DispatcherTest() override {
    release_all();
    dispatcher_.reset();
  }

  int64_t add(const std::string& container, WallTime due = kNow, const std::string& host = "box") {
    Incident incident = waiting_incident();
    incident.host = host;
    incident.container = container;
    incident.next_at = due;
    EXPECT_TRUE(journal_->write([&](JournalWriter& writer) { writer.save(incident); }).ok());
    return incident.id;
  }
  void change(int64_t id, const std::function<void(Incident&)>& how) {
    EXPECT_TRUE(journal_
                    ->write([&](JournalWriter& writer) {
                      Incident incident = *writer.incident(id);
                      how(incident);
                      writer.save(incident);
                    })
                    .ok());
  }
  void close(int64_t id) {
    change(id, [](Incident& incident) { incident.state = IncidentState::closed; });
  }
  void start(int hands = 2, const std::vector<std::string>& hosts = {}) {
    dispatcher_ = std::make_unique<Dispatcher>(
        *journal_, clock_, hands, [this](int64_t id) { return step(id); }, hosts,
        [this] { return clock_set_.exchange(false); });
    dispatcher_->start();
  }
  // Records, waits where it is held, and comes back in an hour unless told otherwise.
  Answer step(int64_t id) {
    std::unique_lock lock(mutex_);
    ++begun_[id];
    ++at_once_[id];
    EXPECT_EQ(at_once_[id], 1) << "two hands on one incident";
    changed_.notify_all();
    changed_.wait(lock, [&] { return held_.count(id) == 0; });
    --at_once_[id];
    changed_.notify_all();
    const auto answer = answers_.find(id);
    return answer == answers_.end() ? clock_.wall_now() + hours(1) : answer->second;
  }
  void wait_for(int64_t id, int times) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, seconds(20), [&] { return begun_[id] >= times; }))
        << id << " was stepped " << begun_[id] << " times";
  }
  int steps(int64_t id) {
    const std::lock_guard lock(mutex_);
    return begun_[id];
  }
  void hold(int64_t id) {
    const std::lock_guard lock(mutex_);
    held_.insert(id);
  }
  void release(int64_t id) {
    const std::lock_guard lock(mutex_);
    held_.erase(id);
    changed_.notify_all();
  }
  void release_all() {
    const std::lock_guard lock(mutex_);
    held_.clear();
    changed_.notify_all();
  }
  void answer(int64_t id, Answer with) {
    const std::lock_guard lock(mutex_);
    answers_[id] = with;
  }
  // Everything that was due when this is called has been stepped when it returns.
  void pass() {
    const int64_t marker = add("marker " + std::to_string(++markers_), WallTime{});
    dispatcher_->wake({});
    wait_for(marker, 1);
    close(marker);
  }

  ManualClock clock_;
  TempFolder folder_;
  std::unique_ptr<Journal> journal_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<int64_t, int> begun_;
  std::map<int64_t, int> at_once_;
  std::set<int64_t> held_;
  std::map<int64_t, Answer> answers_;
  int markers_ = 0;
  std::atomic<bool> clock_set_{false};
  std::unique_ptr<Dispatcher> dispatcher_;
};

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

TEST_F(DispatcherTest, DifferentIncidentsAreSteppedAtTheSameTime) {
  const int64_t one = add("one");
  const int64_t two = add("two");
  const int64_t three = add("three");
  for (const int64_t id : {one, two, three}) hold(id);
  start(2);
  while (steps(one) + steps(two) + steps(three) < 2) std::this_thread::yield();
  dispatcher_->wake({one, two, three});
  EXPECT_EQ(steps(one) + steps(two) + steps(three), 2) << "as many as there are hands";
  release_all();
  for (const int64_t id : {one, two, three}) wait_for(id, 1);
}

TEST_F(DispatcherTest, HandsCanBeAddedAndTakenAwayWhileItWorks) {
  const int64_t one = add("one");
  const int64_t two = add("two");
  const int64_t three = add("three");
  for (const int64_t id : {one, two, three}) hold(id);
  start(1);
  const auto begun = [&] { return steps(one) + steps(two) + steps(three); };
  while (begun() < 1) std::this_thread::yield();
  dispatcher_->set_hands(3);
  for (const int64_t id : {one, two, three}) wait_for(id, 1);
  dispatcher_->set_hands(1);
  release_all();
  pass();
  const int64_t four = add("four");
  const int64_t five = add("five");
  for (const int64_t id : {four, five}) hold(id);
  dispatcher_->wake({four, five});
  while (steps(four) + steps(five) < 1) std::this_thread::yield();
  dispatcher_->wake({four, five});
  EXPECT_EQ(steps(four) + steps(five), 1) << "one hand works, the two others rest";
  release_all();
  for (const int64_t id : {four, five}) wait_for(id, 1);
}

TEST_F(DispatcherTest, OneStepThatTakesLongHoldsNobodyUp) {
  const int64_t stuck = add("stuck");
  hold(stuck);
  start(2);
  wait_for(stuck, 1);
  for (int i = 0; i < 5; ++i) pass();
  EXPECT_EQ(steps(stuck), 1);
}

// Its engine leaves every call waiting, and there is more to do for it than anybody looks at at
// once.
TEST_F(DispatcherTest, AHostThatHangsTakesNoHandFromAnother) {
  std::vector<int64_t> hanging;
  ASSERT_TRUE(journal_
                  ->write([&](JournalWriter& writer) {
                    for (int i = 0; i < 2'000; ++i) {
                      Incident incident = waiting_incident();
                      incident.host = "hanging";
                      incident.container = "c" + std::to_string(i);
                      incident.next_at = WallTime{};
                      writer.save(incident);
                      hanging.push_back(incident.id);
                    }
                  })
                  .ok());
  for (const int64_t id : hanging) hold(id);
  const int64_t fine = add("web", kNow, "fine");
  const int64_t elsewhere = add("web", kNow, "unknown");
  start(2, {"hanging", "fine"});
  wait_for(fine, 1);
  wait_for(elsewhere, 1);
  for (int i = 0; i < 3; ++i) {
    const int64_t next = add("web " + std::to_string(i), kNow, "fine");
    dispatcher_->wake({next});
    wait_for(next, 1);
  }
  const auto begun = [&] {
    return std::count_if(hanging.begin(), hanging.end(), [&](int64_t id) { return steps(id) > 0; });
  };
  EXPECT_EQ(begun(), 2) << "as many as a host has hands";
  release_all();
  while (begun() < 2'000) std::this_thread::yield();
}

TEST_F(DispatcherTest, ClosedOnesAreDone) {
  const int64_t id = add("web");
  close(id);
  start();
  pass();
  EXPECT_EQ(steps(id), 0);
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
