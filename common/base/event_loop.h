// One thread's epoll loop: file descriptors, timers, and work posted from other threads.
//
// All calls but post(), stop() and in_loop() belong to the thread that is in run() (or to the one
// that sets things up before it). Callbacks run on that thread, one at a time, and may add and
// remove anything, themselves included. Timers have the precision of a timerfd, not of
// epoll_wait's milliseconds: probes must not drift.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include <sys/epoll.h>

#include "common/base/clock.h"
#include "common/base/unique_fd.h"

namespace selfheal {

class EventLoop {
 public:
  using Callback = std::function<void()>;
  using FdCallback = std::function<void(uint32_t epoll_events)>;
  using TimerId = std::pair<SteadyTime, uint64_t>;

  // Throws std::system_error when the kernel has no descriptors left.
  explicit EventLoop(const Clock& clock);
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  // Replaces the callback and events when `fd` is watched already.
  void watch(int fd, uint32_t epoll_events, FdCallback callback);
  void unwatch(int fd);

  TimerId at(SteadyTime time, Callback callback);
  TimerId after(std::chrono::nanoseconds delay, Callback callback);
  void cancel(TimerId timer);

  // From any thread: runs `callback` on the loop's thread, in the order posted; of much that is
  // posted about a millisecond's worth at a time, so that timers and descriptors get their turn.
  // What has not run when the loop stops is destroyed with the loop.
  void post(Callback callback);

  void run();
  // From any thread: run() returns after what is at hand.
  void stop();

  bool in_loop() const {
    return owner_.load(std::memory_order_relaxed) == std::this_thread::get_id();
  }
  SteadyTime now() const { return clock_.steady_now(); }
  const Clock& clock() const { return clock_; }

 private:
  struct Watch {
    FdCallback callback;
    uint32_t serial = 0;  // of the present watch; 0: none
  };
  void dispatch(const epoll_event& event);
  void wake();
  void run_posted();
  void run_timers();
  // Milliseconds that epoll_wait may take: 0 when a timer is due, else -1, and the timerfd ends it.
  int arm_timer();

  const Clock& clock_;
  UniqueFd epoll_;
  UniqueFd wake_;               // eventfd
  UniqueFd timer_;              // timerfd, armed for the earliest timer
  std::vector<Watch> watched_;  // by descriptor: they are small and dense
  uint32_t next_watch_ = 1;
  std::map<TimerId, Callback> timers_;
  std::optional<SteadyTime> armed_for_;  // may be earlier than the earliest timer
  uint64_t next_timer_ = 1;
  std::mutex posted_mutex_;
  std::vector<Callback> posted_;
  std::deque<Callback> waiting_;  // taken from posted_, not yet run; the loop's thread only
  std::atomic<bool> stopping_{false};
  std::atomic<std::thread::id> owner_{};
};

// An EventLoop on a thread of its own, from construction to destruction.
class LoopThread {
 public:
  LoopThread(const Clock& clock, const char* thread_name);
  ~LoopThread();
  EventLoop& loop() { return loop_; }
  // Stops the loop and joins. Idempotent.
  void stop();

 private:
  EventLoop loop_;
  std::thread thread_;
};

}  // namespace selfheal
