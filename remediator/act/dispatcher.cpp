#include "remediator/act/dispatcher.h"

#include <algorithm>
#include <utility>

#include "common/base/log.h"

namespace selfheal {
namespace {

// Bounds the sleep, since the wall clock that incidents are timed by can be set.
constexpr Milliseconds kLongestSleep{1000};
constexpr int kRowsAtOnce = 1024;

}  // namespace

Dispatcher::Dispatcher(Journal& journal, const Clock& clock, int hands, Step step)
    : journal_(journal), clock_(clock), step_(std::move(step)), hands_(hands) {}

Dispatcher::~Dispatcher() {
  stop();
}

void Dispatcher::start() {
  const std::lock_guard lock(mutex_);
  threads_.emplace_back([this] { run(); });
  pthread_setname_np(threads_.back().native_handle(), "dispatcher");
  add_hands();
}

void Dispatcher::set_hands(int hands) {
  {
    const std::lock_guard lock(mutex_);
    hands_ = hands;
    const bool started = !threads_.empty();
    if (started && !stopping_) add_hands();
  }
  handed_.notify_all();
}

void Dispatcher::add_hands() {
  for (; threads_of_hands_ < hands_; ++threads_of_hands_) {
    threads_.emplace_back([this] { run_hand(); });
    pthread_setname_np(threads_.back().native_handle(), "hand");
  }
}

void Dispatcher::wake(const std::vector<int64_t>& incident_ids) {
  const std::lock_guard lock(mutex_);
  for (const int64_t id : incident_ids) {
    paused_until_.erase(id);
    if (busy_.count(id) > 0) woken_while_busy_.insert(id);
    changed_in_journal_.ids.insert(id);
  }
  if (incident_ids.empty()) changed_in_journal_.all = true;
  woken_ = true;
  changed_.notify_one();
}

void Dispatcher::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  handed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

Dispatcher::Changed Dispatcher::take_changed() {
  const std::lock_guard lock(mutex_);
  Changed changed = std::exchange(changed_in_journal_, {false, {}});
  changed.all = changed.all || clock_.steady_now() - read_at_ >= kLongestSleep;
  return changed;
}

bool Dispatcher::look_up() {
  const Changed changed = take_changed();
  if (!changed.all && changed.ids.empty()) return true;
  const SteadyTime read_at = clock_.steady_now();
  Read found;
  const auto read = journal_.read([&](JournalReader& reader) {
    for (const int64_t id : changed.ids) found[id] = reader.due_at(id);
    if (!changed.all) return;
    for (const DueRow& row : reader.queue(kRowsAtOnce)) found[row.incident_id] = row.next_at;
  });
  if (!read) {
    log::error("the journal can't be read", {{"err", read.error().message}});
    const std::lock_guard lock(mutex_);
    changed_in_journal_.all = true;
    changed_in_journal_.ids.insert(changed.ids.begin(), changed.ids.end());
    return false;
  }
  const std::lock_guard lock(mutex_);
  if (changed.all) read_at_ = read_at;
  remember(found);
  return true;
}

void Dispatcher::remember(const Read& read) {
  for (const auto& [id, due_at] : read) {
    // What has been committed since is looked up next.
    if (busy_.count(id) > 0 || changed_in_journal_.ids.count(id) > 0) continue;
    const auto paused = paused_until_.find(id);
    if (due_at) {
      schedule_.set(id,
                    paused == paused_until_.end() ? *due_at : std::max(*due_at, paused->second));
    } else {
      schedule_.erase(id);
      if (paused != paused_until_.end()) paused_until_.erase(paused);
    }
  }
}

WallTime Dispatcher::dispatch_due() {
  const WallTime now = clock_.wall_now();
  const std::lock_guard lock(mutex_);
  for (const int64_t id : schedule_.take_due(now)) {
    paused_until_.erase(id);
    busy_.insert(id);
    due_.push_back(id);
    handed_.notify_one();
  }
  return std::min(schedule_.next().value_or(WallTime::max()), now + kLongestSleep);
}

void Dispatcher::run() {
  for (;;) {
    const WallTime next = look_up() ? dispatch_due() : clock_.wall_now() + kLongestSleep;
    const auto sleep = std::clamp<std::chrono::nanoseconds>(next - clock_.wall_now(),
                                                            Milliseconds(1), kLongestSleep);
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, sleep, [this] { return stopping_ || woken_; });
    if (stopping_) return;
    woken_ = false;
  }
}

void Dispatcher::run_hand() {
  std::unique_lock lock(mutex_);
  for (;;) {
    handed_.wait(lock, [this] { return stopping_ || (!due_.empty() && working_ < hands_); });
    if (stopping_) return;
    ++working_;
    const int64_t id = due_.front();
    due_.pop_front();
    lock.unlock();
    const std::optional<WallTime> again_at = step_(id);
    lock.lock();
    --working_;
    busy_.erase(id);
    // What came in meanwhile, a relapse say, must not wait for a pause that knows nothing of it.
    const bool woken = woken_while_busy_.erase(id) > 0;
    if (again_at && !woken) paused_until_[id] = *again_at;
    changed_in_journal_.ids.insert(id);  // its next step may be due already
    woken_ = true;
    changed_.notify_one();
  }
}

}  // namespace selfheal
