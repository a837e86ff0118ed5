// Replicas are tried one after another: what the first one shows tells about the others, and
// meanwhile they serve. An attempt counts until it was seen to work or has ended.
#include "remediator/decision/guards.h"

namespace selfheal::guards {

Objection group_free(const Facts& facts, const GuardSettings& settings) {
  if (facts.group.empty()) return std::nullopt;
  for (const AttemptUnderWay& other : facts.around.under_way)
    if (other.host == facts.host && other.group == facts.group &&
        !stuck(other, facts.now, settings))
      return wait(Reason::group_busy, other.container + " of the same group is being healed",
                  facts.now + settings.judge_busy);
  return std::nullopt;
}

}  // namespace selfheal::guards
