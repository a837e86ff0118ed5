// A container that was just acted on gets time for it to show. Once it was seen healthy it has
// shown: what breaks after that is a new failure.
#include "remediator/decision/granted.h"
#include "remediator/decision/guards.h"

namespace selfheal::guards {

Objection cooldown(const Facts& facts, const GuardSettings& settings) {
  if (!facts.last_attempt_ended_at || facts.last_attempt_seen_healthy) return std::nullopt;
  const WallTime until =
      *facts.last_attempt_ended_at + granted_to(facts.labels(), settings).cooldown;
  if (facts.now >= until) return std::nullopt;
  return wait(Reason::cooldown,
              "the last attempt was moments ago" + remark_on(facts.labels(), "selfheal.cooldown"),
              until);
}

}  // namespace selfheal::guards
