#include "exporter/health/recovery.h"

#include <algorithm>

namespace selfheal {

void Recovery::failed(WallTime at, Start started_at) {
  if (!open_) open_ = Outage{at, started_at};
  open_->since = std::min(open_->since, at);
}

void Recovery::confirmed() {
  if (open_) open_->confirmed = true;
}

void Recovery::died(WallTime at, Start started_at) {
  if (!open_) open_ = Outage{at, started_at};
  open_->confirmed = open_->seen_dead = true;
}

void Recovery::failing_probe_removed() {
  if (open_ && !open_->seen_dead) open_.reset();
}

std::optional<RecoveryEvent> Recovery::settled(WallTime at, Start started_at) {
  if (!open_) return std::nullopt;
  if (!open_->confirmed) {
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
