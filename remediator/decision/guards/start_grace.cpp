// What is slow to start must not be restarted for it, or it never gets there. After a restart of
// Docker or its host that is true of everything at once. What was seen healthy since it started is
// past that: what breaks then is a new failure, and healed as fast as any.
#include <algorithm>

#include "remediator/decision/guards.h"
#include "remediator/decision/label_durations.h"

namespace selfheal::guards {

Objection start_grace(const Facts& facts, const GuardSettings& settings) {
  const Milliseconds grace =
      std::max(settings.start_grace,
               longest_duration(facts.inspected->labels, "selfheal.start-period", Milliseconds(0)));
  const auto pending = [&](const std::optional<WallTime>& since) {
    // Where the engine's clock is ahead of ours, its future is not waited for.
    return since && facts.now >= *since && facts.now < *since + grace;
  };
  const bool past_it = facts.last_attempt_seen_healthy && facts.last_attempt_ended_at &&
                       facts.inspected->started_at <= facts.last_attempt_ended_at;
  if (!past_it && pending(facts.inspected->started_at))
    return wait(Reason::start_grace, "it has started moments ago",
                *facts.inspected->started_at + grace);
  if (pending(facts.engine_back_at))
    return wait(Reason::start_grace, "Docker was away until moments ago",
                *facts.engine_back_at + grace);
  return std::nullopt;
}

}  // namespace selfheal::guards
