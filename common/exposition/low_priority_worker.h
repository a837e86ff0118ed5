// One thread at nice 10 that does jobs one after the other, while those who asked for them wait.
//
// Scrapes are rendered here: they must not take the CPU from probes, and one at a time bounds what
// they hold in memory. It is a thread of its own because a thread may always lower its priority,
// but needs privileges to raise it again. Any thread may call run().
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "common/base/clock.h"

namespace selfheal {

class LowPriorityWorker {
 public:
  explicit LowPriorityWorker(const char* thread_name);
  // Nobody may be in run() any more.
  ~LowPriorityWorker();
  LowPriorityWorker(const LowPriorityWorker&) = delete;
  LowPriorityWorker& operator=(const LowPriorityWorker&) = delete;

  // Runs `job`, and returns when it is done. False: the others before it took until `deadline`.
  bool run(SteadyTime deadline, const std::function<void()>& job);

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable changed_;
  bool taken_ = false;                          // by one that is in run(), until its job is done
  const std::function<void()>* job_ = nullptr;  // to be done, or being done
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace selfheal
