// A dispatcher whose steps a test records, holds and answers.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "remediator/act/dispatcher.h"
#include "tests/remediator/samples.h"
#include "tests/support/manual_clock.h"
#include "tests/support/temp_folder.h"

namespace selfheal {

class DispatcherFixture : public testing::Test {
 protected:
  using Answer = std::optional<WallTime>;

  DispatcherFixture() { journal_ = *Journal::open(folder_.path("journal.db")); }
  ~DispatcherFixture() override {
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
    return answer == answers_.end() ? clock_.wall_now() + std::chrono::hours(1) : answer->second;
  }
  void wait_for(int64_t id, int times) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(
        changed_.wait_for(lock, std::chrono::seconds(20), [&] { return begun_[id] >= times; }))
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

}  // namespace selfheal
