// The count belongs to the container until it has been healthy for a while (incident.h): what three
// restarts did not mend, a fourth will not.
#include "remediator/decision/guards.h"

namespace selfheal::guards {

Objection attempts_left(const Facts& facts, const GuardSettings& settings) {
  if (facts.attempts_used < settings.max_attempts) return std::nullopt;
  return refuse(
      Reason::attempts_used_up,
      "all " + std::to_string(settings.max_attempts) + " attempts are used; a person is needed",
      facts, settings);
}

}  // namespace selfheal::guards
