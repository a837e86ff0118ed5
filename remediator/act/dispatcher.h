// Hands the incidents that are due to a few working threads, one thread to an incident at a time.
//
// Each Docker host has as many hands of its own, so that one whose engine leaves every call waiting
// keeps none from another. Hosts that are not named share theirs.
//
// The queue is a query on the journal; all that is in memory here are wake-ups and short pauses,
// and losing them costs only time. The work itself is the `step` function (AttemptRunner::step).
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <vector>

#include "common/base/clock.h"
#include "remediator/journal/journal.h"

namespace selfheal {

class Dispatcher {
 public:
  // Does the next piece of work on an incident. Returns when to come back, where that is not what
  // the journal says (a verification's next look, a journal that can't be written).
  using Step = std::function<std::optional<WallTime>(int64_t incident_id)>;

  // Whether the times in the journal were moved (ClockKeeper::keep), so that pauses no longer
  // count.
  using ClockWasSet = std::function<bool()>;

  // `hands` are for each of `hosts`, and for all others together.
  Dispatcher(Journal& journal, const Clock& clock, int hands, Step step,
             const std::vector<std::string>& hosts = {}, ClockWasSet clock_was_set = nullptr);
  ~Dispatcher();

  void start();
  // From any thread: how many incidents of a host may be worked on at once. Steps under way are
  // finished.
  void set_hands(int hands);
  // From any thread, after a commit: these incidents are to be looked at now.
  void wake(const std::vector<int64_t>& incident_ids);
  // Waits for the steps under way (their calls have deadlines), starts no more. Idempotent.
  void stop();

 private:
  // The work on one host, or on those without a name.
  struct Lane {
    int working = 0;
    std::deque<int64_t> due;
  };

  void run();
  // Nothing but stop() ends the rest.
  void rest_after_reading(std::chrono::nanoseconds took);
  void tell_of_change();
  void run_hand();
  void add_hands();
  // What is under way is looked at again as soon as it ends.
  void forget_pauses();
  // Queues what is due; returns when the next thing will be.
  WallTime dispatch_due();
  // The same for some of the queue; whether a lane has hands for more than that.
  bool dispatch(const std::vector<DueRow>& rows, WallTime now, WallTime& next);
  Lane& lane_of(const std::string& host);
  // The one with work and a hand for it that has the fewest at work; null for none.
  Lane* next_lane();

  Journal& journal_;
  const Clock& clock_;
  const Step step_;
  const ClockWasSet clock_was_set_;
  std::mutex mutex_;
  int hands_;                        // that may work in a lane
  size_t threads_of_hands_ = 0;      // as many as there ever were for all lanes; the others sleep
  std::condition_variable changed_;  // for run()
  std::condition_variable handed_;   // for the hands
  bool woken_ = false;
  bool resting_ = false;
  bool stopping_ = false;
  std::set<int64_t> busy_;
  std::set<int64_t> woken_while_busy_;
  std::map<int64_t, WallTime> paused_until_;
  std::map<std::string, size_t> lane_numbers_;  // of named hosts
  std::vector<Lane> lanes_;                     // the last one is for all others
  std::vector<std::thread> threads_;
};

}  // namespace selfheal
