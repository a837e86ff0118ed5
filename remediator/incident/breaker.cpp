#include "remediator/incident/breaker.h"

#include <algorithm>

namespace selfheal {

AttemptCount count_attempts(const Incident& last, const std::vector<WallTime>& attempts,
                            WallTime now) {
  const auto within = [&](Milliseconds window) {
    const auto first = std::upper_bound(attempts.begin(), attempts.end(), now - window);
    return static_cast<int>(std::distance(first, attempts.end()));
  };
  return {last.host,      last.container,       last.state,          last.outcome,
          last.closed_at, last.attempts_used(), within(kBudgetHour), within(kBudgetDay)};
}

Breaker breaker_of(const AttemptCount& count, const BreakerSettings& settings, WallTime now) {
  const bool under_way =
      count.state == IncidentState::acting || count.state == IncidentState::verifying;
  const bool spent = count.attempts_used >= settings.max_attempts ||
                     count.attempts_within_hour >= settings.budget.per_hour ||
                     count.attempts_within_day >= settings.budget.per_day;
  if (!spent || under_way) return Breaker::closed;
  if (!count.closed_at) return Breaker::open;
  const Milliseconds counts = count.outcome == IncidentOutcome::expired
                                  ? longest_after_end(settings.healthy_reset)
                                  : settings.healthy_reset;
  return now - *count.closed_at < counts ? Breaker::open : Breaker::closed;
}

Milliseconds longest_after_end(Milliseconds healthy_reset) {
  return std::max<Milliseconds>(healthy_reset, kExpiredCounts);
}

}  // namespace selfheal
