#include "exporter/health/recovery.h"

#include <algorithm>

namespace selfheal {

void Recovery::failed(WallTime at, Start started_at) {
  if (!open_) open_ = Outage{at, started_at};
  open_->since = std::min(open_->since, at);
  open_->seen_by_probe = true;
}

void Recovery::confirmed(WallTime at) {
  if (open_ && !open_->confirmed_at) open_->confirmed_at = at;
}

void Recovery::died(WallTime at, Start started_at) {
  if (!open_) open_ = Outage{at, started_at};
  confirmed(at);
  open_->seen_dead = true;
}

void Recovery::failing_probe_removed() {
  if (open_ && !open_->seen_dead) open_.reset();
}

void Recovery::stopped_by_request(std::optional<WallTime> asked_at) {
  if (!open_) return;
  const bool came_of_it = asked_at && (!open_->confirmed_at || *open_->confirmed_at >= *asked_at);
  if (came_of_it || !open_->seen_by_probe) open_.reset();
}

std::optional<RecoveryEvent> Recovery::settled(WallTime at, Start started_at) {
  if (!open_) return std::nullopt;
  if (!open_->confirmed_at) {
    open_.reset();
    return std::nullopt;
  }
  if (started_at != open_->started_at) return end(at, RecoveryCause::restarted);
  if (!open_->settled_at) open_->settled_at = at;
  return std::nullopt;
}

void Recovery::unsettled() {
  if (open_) open_->settled_at.reset();
}

std::optional<RecoveryEvent> Recovery::cause_looked_up() {
  if (!asks_for_cause()) return std::nullopt;
  return end(*open_->settled_at, RecoveryCause::spontaneous);
}

RecoveryEvent Recovery::end(WallTime at, RecoveryCause cause) {
  const WallTime since = open_->since;
  open_.reset();
  // The clocks of Docker's host and ours may differ a little.
  return {cause, std::max(std::chrono::nanoseconds(0), std::chrono::nanoseconds(at - since))};
}

std::optional<WallTime> Recovery::since() const {
  if (!open_) return std::nullopt;
  return open_->since;
}

}  // namespace selfheal
