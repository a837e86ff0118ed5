#include "remediator/incident/breaker.h"

#include <algorithm>

namespace selfheal {

Breaker breaker_of(const AttemptCount& count, int max_attempts, Milliseconds healthy_reset,
                   WallTime now) {
  const bool under_way =
      count.state == IncidentState::acting || count.state == IncidentState::verifying;
  if (count.attempts_used < max_attempts || under_way) return Breaker::closed;
  if (!count.closed_at) return Breaker::open;
  const Milliseconds counts =
      count.outcome == IncidentOutcome::expired ? longest_after_end(healthy_reset) : healthy_reset;
  return now - *count.closed_at < counts ? Breaker::open : Breaker::closed;
}

Milliseconds longest_after_end(Milliseconds healthy_reset) {
  return std::max<Milliseconds>(healthy_reset, kExpiredCounts);
}

}  // namespace selfheal
