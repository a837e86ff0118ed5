// Alertmanager repeats what still fires. When it has fallen silent (a silence was set, the route
// was changed, it died) nothing more is done on its old word.
#include "remediator/decision/guards.h"

namespace selfheal::guards {

Objection lease(const Facts& facts, const GuardSettings& settings) {
  if (facts.now <= facts.lease_until) return std::nullopt;
  return wait(Reason::lease_over, "Alertmanager has not repeated the alert lately",
              facts.now + settings.judge_again);
}

}  // namespace selfheal::guards
