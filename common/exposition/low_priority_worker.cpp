#include "common/exposition/low_priority_worker.h"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

namespace selfheal {
namespace {

constexpr int kNice = 10;

}  // namespace

LowPriorityWorker::LowPriorityWorker(const char* thread_name) : thread_([this] { work(); }) {
  pthread_setname_np(thread_.native_handle(), thread_name);
}

LowPriorityWorker::~LowPriorityWorker() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

bool LowPriorityWorker::run(SteadyTime deadline, const std::function<void()>& job) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_until(lock, deadline, [this] { return !taken_; })) return false;
  taken_ = true;
  job_ = &job;
  changed_.notify_all();
  changed_.wait(lock, [this] { return job_ == nullptr; });
  taken_ = false;
  changed_.notify_all();
  return true;
}

void LowPriorityWorker::work() {
  setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kNice);  // on Linux: of this thread
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || job_ != nullptr; });
    if (stopping_) return;
    lock.unlock();
    (*job_)();
    lock.lock();
    job_ = nullptr;
    changed_.notify_all();
  }
}

}  // namespace selfheal
