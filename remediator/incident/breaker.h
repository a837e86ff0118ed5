// The breaker of a container: open while the attempts granted to it are used up. [pure]
//
// Attempts are counted over the incidents of a container (incident.h), so the breaker stays open
// while an incident that carries them on waits in vain, and from the end of the last one until the
// container has been well for `healthy_reset`. Not yet while the last attempt is under way.
#pragma once

#include <string>

#include "remediator/incident/incident.h"

namespace selfheal {

// Of the container's last incident, where that is open or was closed less than `healthy_reset` ago.
struct AttemptCount {
  std::string host;
  std::string container;
  IncidentState state = IncidentState::waiting;
  int attempts_used = 0;
};

enum class Breaker { closed, open };

Breaker breaker_of(const AttemptCount& count, int max_attempts);

}  // namespace selfheal
