// A container that was created moments ago is somebody's deployment, which a restart would race
// with. What is broken in it may not be finished yet. A service: what was updated.
#include "remediator/decision/guards.h"

namespace selfheal::guards {

Objection not_just_made(const Facts& facts, const GuardSettings& settings) {
  const bool of_service = is_for_service(facts, settings.escalation);
  const auto made_at = of_service ? facts.service->updated_at : facts.inspected->created_at;
  if (!made_at) return std::nullopt;
  const WallTime until = *made_at + settings.create_grace;
  // Where the engine's clock is ahead of ours, its future is not waited for.
  if (facts.now >= until || facts.now < *made_at) return std::nullopt;
  return wait(Reason::just_created,
              std::string("it was ") + (of_service ? "updated" : "created") +
                  " moments ago; a deployment may be under way",
              until);
}

}  // namespace selfheal::guards
