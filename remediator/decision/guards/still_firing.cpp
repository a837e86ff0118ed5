// Asks again soon after a delivery, since Alertmanager can be quicker than the commit of the rule
// that fired (Prometheus sends first); the pauses double until they are as long as the others.
#include <algorithm>

#include "remediator/decision/guards.h"

namespace selfheal::guards {

Objection still_firing(const Facts& facts, const GuardSettings& settings) {
  if (facts.policy_source == PolicySource::not_configured) return std::nullopt;
  if (facts.policy_source == PolicySource::failed)
    return wait(Reason::policy_unreachable, facts.policy_failure, facts.now + settings.judge_again);
  if (facts.policy.alerts_firing) return std::nullopt;
  const auto since_delivery =
      std::chrono::duration_cast<Milliseconds>(facts.now - facts.last_delivery_at);
  const Milliseconds pause = std::clamp(since_delivery, Milliseconds(20), settings.judge_again);
  return wait(Reason::not_firing, "Prometheus does not say (any more, or yet) that the alert fires",
              facts.now + pause);
}

}  // namespace selfheal::guards
