#include "compose/sample-app/waiting_room.h"

namespace sample_app {

WaitingRoom::Era WaitingRoom::era() const {
  const std::lock_guard lock(mutex_);
  return era_;
}

WaitingRoom::Outcome WaitingRoom::wait(Era since, std::optional<std::chrono::milliseconds> limit) {
  std::unique_lock lock(mutex_);
  if (era_ != since) return Outcome::released;
  if (waiting_.size() >= places_) {
    waiting_.erase(waiting_.begin());
    changed_.notify_all();
  }
  const Ticket ticket = next_ticket_++;
  waiting_.insert(ticket);
  const auto gone = [&] { return !waiting_.contains(ticket); };
  if (limit) {
    changed_.wait_for(lock, *limit, gone);
  } else {
    changed_.wait(lock, gone);
  }
  if (waiting_.erase(ticket) == 1) return Outcome::elapsed;
  return era_ != since ? Outcome::released : Outcome::turned_out;
}

void WaitingRoom::release_all() {
  const std::lock_guard lock(mutex_);
  waiting_.clear();
  ++era_;
  changed_.notify_all();
}

size_t WaitingRoom::occupied() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

}  // namespace sample_app
