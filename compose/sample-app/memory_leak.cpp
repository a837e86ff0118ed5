#include "compose/sample-app/memory_leak.h"

#include <algorithm>
#include <chrono>
#include <cstring>

namespace sample_app {
namespace {

// 40 MiB a second: seen within a few scrapes, and a person can still watch it grow.
constexpr size_t kChunkBytes = size_t{4} << 20;
constexpr std::chrono::milliseconds kPause{100};

}  // namespace

void MemoryLeak::start(size_t limit_bytes) {
  const std::lock_guard control(control_);
  end_thread();
  stopping_ = false;
  thread_ = std::thread([this, limit_bytes] { run(limit_bytes); });
}

void MemoryLeak::stop() {
  const std::lock_guard control(control_);
  end_thread();
}

void MemoryLeak::end_thread() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_asked_.notify_all();
  thread_.join();
  chunks_.clear();
  leaked_bytes_ = 0;
  exhausted_ = false;
}

void MemoryLeak::run(size_t limit_bytes) {
  std::unique_lock lock(mutex_);
  while (!stopping_ && leaked_bytes_ < limit_bytes) {
    const size_t size = std::min(kChunkBytes, limit_bytes - leaked_bytes_);
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(size));
    std::memset(chunks_.back().get(), 1, size);  // untouched pages would cost nothing
    leaked_bytes_ += size;
    stop_asked_.wait_for(lock, kPause, [this] { return stopping_; });
  }
  exhausted_ = !stopping_;
}

}  // namespace sample_app
