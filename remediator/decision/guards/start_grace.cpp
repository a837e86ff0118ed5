// What is slow to start must not be restarted for it, or it never gets there: what has ended is no
// longer starting. After a restart of Docker or its host that is true of everything at once; a
// moment for Docker itself to start what it has to start comes first, as long for all. What was
// seen healthy since it started is past that: what breaks then is a new failure, and healed as fast
// as any.
#include <algorithm>

#include "remediator/decision/granted.h"
#include "remediator/decision/guards.h"
#include "remediator/decision/label_durations.h"

namespace selfheal::guards {
namespace {

// Where the engine's clock is ahead of ours, its future is not waited for.
std::optional<WallTime> grace_ends_at(const std::optional<WallTime>& since, Milliseconds grace,
                                      WallTime now) {
  if (!since || now < *since || now >= *since + grace) return std::nullopt;
  return *since + grace;
}

}  // namespace

Objection start_grace(const Facts& facts, const GuardSettings& settings) {
  const bool of_service = is_for_service(facts, settings.escalation);
  const auto started_at = of_service ? facts.service->updated_at : facts.inspected->started_at;
  const bool past_it = facts.last_attempt_seen_healthy && facts.last_attempt_ended_at &&
                       started_at <= facts.last_attempt_ended_at;
  if ((of_service || facts.inspected->running()) && !past_it) {
    const Milliseconds grace =
        std::max(granted_to(facts.labels(), settings).start_grace,
                 longest_duration(facts.labels(), "selfheal.start-period", Milliseconds(0)));
    if (const auto until = grace_ends_at(started_at, grace, facts.now))
      return wait(
          Reason::start_grace,
          std::string(of_service ? "its update was moments ago" : "it has started moments ago") +
              remark_on(facts.labels(), "selfheal.start-grace"),
          *until);
  }
  if (const auto until = grace_ends_at(facts.engine_back_at, settings.start_grace, facts.now))
    return wait(Reason::start_grace, "Docker was away until moments ago", *until);
  return std::nullopt;
}

}  // namespace selfheal::guards
