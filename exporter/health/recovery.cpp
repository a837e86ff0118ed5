#include "exporter/health/recovery.h"

#include <algorithm>

namespace selfheal {

void Recovery::failed(WallTime at, Start started_at) {
  if (!open_) open_ = Outage{at, started_at};
  open_->since = std::min(open_->since, at);
  open_->seen_by_probe = true;
}

void Recovery::confirmed() {
  if (open_) open_->confirmed = true;
}

void Recovery::died(WallTime at, Start started_at) {
  if (!open_) open_ = Outage{at, started_at};
  open_->confirmed = true;
}

void Recovery::stopped_by_request() {
  if (open_ && !open_->seen_by_probe) open_.reset();
}

std::optional<RecoveryEvent> Recovery::settled(WallTime at, Start started_at) {
  if (!open_) return std::nullopt;
  const Outage outage = *open_;
  open_.reset();
  if (!outage.confirmed) return std::nullopt;
  const bool restarted = started_at != outage.started_at;
  // The clocks of Docker's host and ours may differ a little.
  return RecoveryEvent{
      restarted ? RecoveryCause::restarted : RecoveryCause::spontaneous,
      std::max(std::chrono::nanoseconds(0), std::chrono::nanoseconds(at - outage.since))};
}

std::optional<WallTime> Recovery::since() const {
  if (!open_) return std::nullopt;
  return open_->since;
}

}  // namespace selfheal
