// Takes memory steadily, as a leak does, up to a limit. Thread-safe.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace sample_app {

class MemoryLeak {
 public:
  MemoryLeak() = default;
  ~MemoryLeak() { stop(); }
  MemoryLeak(const MemoryLeak&) = delete;
  MemoryLeak& operator=(const MemoryLeak&) = delete;

  // Starts again from nothing.
  void start(size_t limit_bytes);
  // Ends it and gives the memory back.
  void stop();

  size_t leaked_bytes() const { return leaked_bytes_; }
  // Whether the limit was reached.
  bool exhausted() const { return exhausted_; }

 private:
  void run(size_t limit_bytes);
  void end_thread();

  std::mutex control_;  // start() and stop(), one at a time
  std::mutex mutex_;
  std::condition_variable stop_asked_;
  bool stopping_ = false;
  std::thread thread_;
  std::vector<std::unique_ptr<char[]>> chunks_;  // the thread's own while it runs
  std::atomic<size_t> leaked_bytes_{0};
  std::atomic<bool> exhausted_{false};
};

}  // namespace sample_app
