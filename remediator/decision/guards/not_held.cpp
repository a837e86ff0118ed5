// Storm, dependency, last healthy member, crash loop and what users add: policy, and asked of it
// right before acting.
#include "common/base/text_list.h"
#include "remediator/decision/guards.h"

namespace selfheal::guards {

Objection not_held(const Facts& facts, const GuardSettings& settings) {
  if (facts.policy.holds.empty()) return std::nullopt;
  return wait(Reason::hold, "held by policy: " + joined(facts.policy.holds),
              facts.now + settings.judge_again);
}

}  // namespace selfheal::guards
