#include "remediator/act/dispatcher.h"

#include <algorithm>

#include "common/base/log.h"

namespace selfheal {
namespace {

// Bounds the sleep, since the clock can be set.
constexpr Milliseconds kLongestSleep{1000};
constexpr int kRowsAtOnce = 1024;
// Wake-ups come as often as alerts and steps do, and each reads the whole queue. With rests that
// are as many times longer than the reading, it takes a fifth of a core at most while it takes up
// to 25 ms; with few incidents it takes microseconds, and so do they.
constexpr int kRestsOfReading = 4;
constexpr Milliseconds kLongestRest{100};

}  // namespace

Dispatcher::Dispatcher(Journal& journal, const Clock& clock, int hands, Step step,
                       const std::vector<std::string>& hosts, ClockWasSet clock_was_set)
    : journal_(journal),
      clock_(clock),
      step_(std::move(step)),
      clock_was_set_(std::move(clock_was_set)),
      hands_(hands) {
  for (const std::string& host : hosts) lane_numbers_.try_emplace(host, lane_numbers_.size());
  lanes_.resize(lane_numbers_.size() + 1);
}

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
  const size_t wanted = static_cast<size_t>(hands_) * lanes_.size();
  for (; threads_of_hands_ < wanted; ++threads_of_hands_) {
    threads_.emplace_back([this] { run_hand(); });
    pthread_setname_np(threads_.back().native_handle(), "hand");
  }
}

void Dispatcher::wake(const std::vector<int64_t>& incident_ids) {
  const std::lock_guard lock(mutex_);
  for (const int64_t id : incident_ids) {
    paused_until_.erase(id);
    if (busy_.count(id) > 0) woken_while_busy_.insert(id);
  }
  tell_of_change();
}

void Dispatcher::tell_of_change() {
  woken_ = true;
  if (!resting_) changed_.notify_one();
}

void Dispatcher::forget_pauses() {
  const std::lock_guard lock(mutex_);
  paused_until_.clear();
  woken_while_busy_.insert(busy_.begin(), busy_.end());
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

Dispatcher::Lane& Dispatcher::lane_of(const std::string& host) {
  const auto named = lane_numbers_.find(host);
  return named == lane_numbers_.end() ? lanes_.back() : lanes_[named->second];
}

Dispatcher::Lane* Dispatcher::next_lane() {
  Lane* next = nullptr;
  for (Lane& lane : lanes_)
    if (!lane.due.empty() && lane.working < hands_ &&
        (next == nullptr || lane.working < next->working))
      next = &lane;
  return next;
}

WallTime Dispatcher::dispatch_due() {
  const WallTime now = clock_.wall_now();
  WallTime next = now + kLongestSleep;
  DueRow last{0, WallTime::min(), {}};
  for (bool more = true; more;) {
    std::vector<DueRow> rows;
    const auto read =
        journal_.read([&](JournalReader& reader) { rows = reader.queue(kRowsAtOnce, last); });
    if (!read) {
      log::error("the journal can't be read", {{"err", read.error().message}});
      return next;
    }
    // What many containers of one host are due for must not hide what another's is due for.
    const bool hands_left = dispatch(rows, now, next);
    more = hands_left && rows.size() == size_t{kRowsAtOnce} && rows.back().next_at <= now;
    if (more) last = rows.back();
  }
  return next;
}

bool Dispatcher::dispatch(const std::vector<DueRow>& rows, WallTime now, WallTime& next) {
  const std::lock_guard lock(mutex_);
  for (const DueRow& row : rows) {
    if (busy_.count(row.incident_id) > 0) continue;
    WallTime due_at = row.next_at;
    if (const auto paused = paused_until_.find(row.incident_id); paused != paused_until_.end())
      due_at = std::max(due_at, paused->second);
    if (due_at > now) {
      next = std::min(next, due_at);
      continue;
    }
    paused_until_.erase(row.incident_id);
    busy_.insert(row.incident_id);
    lane_of(row.host).due.push_back(row.incident_id);
    handed_.notify_one();
  }
  return std::any_of(lanes_.begin(), lanes_.end(), [this](const Lane& lane) {
    return lane.due.empty() && lane.working < hands_;
  });
}

void Dispatcher::run() {
  for (;;) {
    if (clock_was_set_ && clock_was_set_()) forget_pauses();
    const SteadyTime begun = clock_.steady_now();
    const WallTime next = dispatch_due();
    rest_after_reading(clock_.steady_now() - begun);
    const auto sleep = std::clamp<std::chrono::nanoseconds>(next - clock_.wall_now(),
                                                            Milliseconds(1), kLongestSleep);
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, sleep, [this] { return stopping_ || woken_; });
    if (stopping_) return;
    woken_ = false;
  }
}

void Dispatcher::rest_after_reading(std::chrono::nanoseconds took) {
  const auto rest = std::min<std::chrono::nanoseconds>(took * kRestsOfReading, kLongestRest);
  std::unique_lock lock(mutex_);
  resting_ = true;
  changed_.wait_for(lock, rest, [this] { return stopping_; });
  resting_ = false;
}

void Dispatcher::run_hand() {
  std::unique_lock lock(mutex_);
  for (;;) {
    Lane* lane = nullptr;
    handed_.wait(lock, [&] { return stopping_ || (lane = next_lane()) != nullptr; });
    if (stopping_) return;
    ++lane->working;
    const int64_t id = lane->due.front();
    lane->due.pop_front();
    lock.unlock();
    const std::optional<WallTime> again_at = step_(id);
    lock.lock();
    --lane->working;
    busy_.erase(id);
    // What came in meanwhile, a relapse say, must not wait for a pause that knows nothing of it.
    const bool woken = woken_while_busy_.erase(id) > 0;
    if (again_at && !woken) paused_until_[id] = *again_at;
    tell_of_change();  // its next step may be due already
  }
}

}  // namespace selfheal
