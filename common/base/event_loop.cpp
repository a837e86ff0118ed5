#include "common/base/event_loop.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <iterator>
#include <system_error>

#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>

namespace selfheal {
namespace {

UniqueFd checked(int fd, const char* what) {
  if (fd < 0) throw std::system_error(errno, std::generic_category(), what);
  return UniqueFd(fd);
}

constexpr int kEventsAtOnce = 256;
// As long may posted work keep the loop from all else.
constexpr std::chrono::milliseconds kPostedRound{1};

// What epoll hands back: the descriptor and which watch of it, for its number may have been given
// to another one by a callback of the same round.
uint64_t packed(int fd, uint32_t serial) {
  return static_cast<uint64_t>(serial) << 32 | static_cast<uint32_t>(fd);
}

}  // namespace

EventLoop::EventLoop(const Clock& clock)
    : clock_(clock),
      epoll_(checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      wake_(checked(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")),
      timer_(checked(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK), "timerfd")) {
  const auto swallow = [](int fd) {
    uint64_t count = 0;
    return read(fd, &count, sizeof(count)) == sizeof(count);
  };
  watch(wake_.get(), EPOLLIN, [this, swallow](uint32_t) { swallow(wake_.get()); });
  watch(timer_.get(), EPOLLIN, [this, swallow](uint32_t) {
    swallow(timer_.get());
    armed_for_.reset();
  });
}

void EventLoop::watch(int fd, uint32_t epoll_events, FdCallback callback) {
  const auto index = static_cast<size_t>(fd);
  if (index >= watched_.size()) watched_.resize(std::max(index + 1, 2 * watched_.size()));
  Watch& entry = watched_[index];
  const bool known = std::exchange(entry.serial, next_watch_) != 0;
  next_watch_ = std::max(1U, next_watch_ + 1);
  entry.callback = std::move(callback);
  epoll_event event{};
  event.events = epoll_events;
  event.data.u64 = packed(fd, entry.serial);
  if (epoll_ctl(epoll_.get(), known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event) == 0) return;
  // A descriptor that was closed while watched has left the epoll set by itself.
  if (errno == ENOENT && epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) == 0) return;
  throw std::system_error(errno, std::generic_category(), "epoll_ctl");
}

void EventLoop::unwatch(int fd) {
  const auto index = static_cast<size_t>(fd);
  if (index >= watched_.size() || watched_[index].serial == 0) return;
  watched_[index] = {};
  epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
}

EventLoop::TimerId EventLoop::at(SteadyTime time, Callback callback) {
  const TimerId id{time, next_timer_++};
  timers_.emplace(id, std::move(callback));
  return id;
}

EventLoop::TimerId EventLoop::after(std::chrono::nanoseconds delay, Callback callback) {
  return at(now() + delay, std::move(callback));
}

void EventLoop::cancel(TimerId timer) {
  timers_.erase(timer);
}

void EventLoop::post(Callback callback) {
  {
    const std::lock_guard lock(posted_mutex_);
    posted_.push_back(std::move(callback));
    if (posted_.size() > 1) return;  // the wake-up is under way
  }
  wake();
}

void EventLoop::wake() {
  const uint64_t one = 1;
  // Can only fail by overflow, and then the loop is awake anyway.
  [[maybe_unused]] const ssize_t written = write(wake_.get(), &one, sizeof(one));
}

void EventLoop::stop() {
  stopping_ = true;
  wake();
}

void EventLoop::run_posted() {
  {
    const std::lock_guard lock(posted_mutex_);
    std::move(posted_.begin(), posted_.end(), std::back_inserter(waiting_));
    posted_.clear();
  }
  if (waiting_.empty()) return;
  const SteadyTime end = now() + kPostedRound;
  do {
    const Callback callback = std::move(waiting_.front());
    waiting_.pop_front();
    callback();
  } while (!waiting_.empty() && now() < end);
}

void EventLoop::run_timers() {
  // Only what is due now: a timer that sets itself to "now" must not starve the descriptors.
  const SteadyTime due = now();
  while (!timers_.empty() && timers_.begin()->first.first <= due) {
    const Callback callback = std::move(timers_.begin()->second);
    timers_.erase(timers_.begin());
    callback();
  }
}

// Setting the timerfd costs as much as a small read, and timers come and go with every transfer: so
// it stays at an earlier time than needed, which wakes the loop once for nothing.
int EventLoop::arm_timer() {
  if (timers_.empty()) return -1;
  const SteadyTime first = timers_.begin()->first.first;
  if (armed_for_ && *armed_for_ <= first) return -1;
  if (first <= now()) return 0;
  armed_for_ = first;
  const auto ns = std::chrono::nanoseconds(first.time_since_epoch()).count();
  itimerspec when{};
  when.it_value.tv_sec = ns / 1'000'000'000;
  when.it_value.tv_nsec = ns % 1'000'000'000;
  timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &when, nullptr);
  return -1;
}

void EventLoop::dispatch(const epoll_event& event) {
  const auto index = static_cast<size_t>(event.data.u64 & 0xffffffffU);
  const auto serial = static_cast<uint32_t>(event.data.u64 >> 32);
  if (watched_[index].serial != serial) return;  // ended by a callback before it
  // Taken out: it may end or replace itself, or make `watched_` grow.
  FdCallback callback = std::move(watched_[index].callback);
  callback(event.events);
  if (watched_[index].serial == serial) watched_[index].callback = std::move(callback);
}

void EventLoop::run() {
  owner_ = std::this_thread::get_id();
  std::array<epoll_event, kEventsAtOnce> events;
  while (!stopping_) {
    const int wait_ms = waiting_.empty() ? arm_timer() : 0;
    const int count = epoll_wait(epoll_.get(), events.data(), kEventsAtOnce, wait_ms);
    if (count < 0 && errno != EINTR)
      throw std::system_error(errno, std::generic_category(), "epoll_wait");
    for (int i = 0; i < count; ++i) dispatch(events[static_cast<size_t>(i)]);
    run_posted();
    run_timers();
  }
  owner_ = std::thread::id{};
}

LoopThread::LoopThread(const Clock& clock, const char* thread_name) : loop_(clock) {
  thread_ = std::thread([this] { loop_.run(); });
  pthread_setname_np(thread_.native_handle(), thread_name);
}

LoopThread::~LoopThread() {
  stop();
}

void LoopThread::stop() {
  loop_.stop();
  if (thread_.joinable()) thread_.join();
}

}  // namespace selfheal
