#include "remediator/incident/breaker.h"

namespace selfheal {

Breaker breaker_of(const AttemptCount& count, int max_attempts) {
  const bool under_way =
      count.state == IncidentState::acting || count.state == IncidentState::verifying;
  return count.attempts_used >= max_attempts && !under_way ? Breaker::open : Breaker::closed;
}

}  // namespace selfheal
