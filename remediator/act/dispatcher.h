// Hands the incidents that are due to a few working threads, one thread to an incident at a time.
//
// The queue is a query on the journal; all that is in memory here is what was read of it, wake-ups
// and short pauses, and losing them costs only time. It is read as a whole once a second; in
// between only those that were woken or have been worked on are looked up, or a thousand that wait
// would be read again after each step of one of them. The work itself is the `step` function
// (AttemptRunner::step).
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
#include "remediator/act/due_schedule.h"
#include "remediator/journal/journal.h"

namespace selfheal {

class Dispatcher {
 public:
  // Does the next piece of work on an incident. Returns when to come back, where that is not what
  // the journal says (a verification's next look, a journal that can't be written).
  using Step = std::function<std::optional<WallTime>(int64_t incident_id)>;

  Dispatcher(Journal& journal, const Clock& clock, int hands, Step step);
  ~Dispatcher();

  void start();
  // From any thread: how many incidents may be worked on at once. Steps under way are finished.
  void set_hands(int hands);
  // From any thread, after a commit: these incidents are to be looked at now; without any, the
  // whole queue.
  void wake(const std::vector<int64_t>& incident_ids);
  // Waits for the steps under way (their calls have deadlines), starts no more. Idempotent.
  void stop();

 private:
  void run();
  void run_hand();
  void add_hands();
  // What is no longer known of the journal.
  struct Changed {
    bool all = true;
    std::set<int64_t> ids;
  };
  // What the journal says of them: nothing for a closed one.
  using Read = std::map<int64_t, std::optional<WallTime>>;
  Changed take_changed();
  // False when the journal can't be read; it is asked again then.
  bool look_up();
  void remember(const Read& read);
  // Gives the hands what is due; returns when the next thing will be.
  WallTime dispatch_due();

  Journal& journal_;
  const Clock& clock_;
  const Step step_;
  std::mutex mutex_;
  int hands_;                 // that may work
  int threads_of_hands_ = 0;  // as many as hands_ ever was; the others sleep
  int working_ = 0;
  std::condition_variable changed_;  // for run()
  std::condition_variable handed_;   // for the hands
  bool woken_ = false;
  bool stopping_ = false;
  Changed changed_in_journal_;
  SteadyTime read_at_{};  // the whole queue
  DueSchedule schedule_;  // without those that are busy
  std::set<int64_t> busy_;
  std::set<int64_t> woken_while_busy_;
  std::map<int64_t, WallTime> paused_until_;
  std::deque<int64_t> due_;
  std::vector<std::thread> threads_;
};

}  // namespace selfheal
