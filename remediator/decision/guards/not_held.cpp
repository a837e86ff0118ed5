// Storm, dependency, last healthy member, crash loop and what users add: policy, and asked of it
// right before acting.
#include "remediator/decision/guards.h"

namespace selfheal::guards {

Objection not_held(const Facts& facts, const GuardSettings& settings) {
  if (facts.policy.holds.empty()) return std::nullopt;
  std::string all;
  for (const std::string& hold : facts.policy.holds) all += (all.empty() ? "" : ", ") + hold;
  return wait(Reason::hold, "held by policy: " + all, facts.now + settings.judge_again);
}

}  // namespace selfheal::guards
