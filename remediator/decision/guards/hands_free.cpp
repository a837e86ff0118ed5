// A fault that is not in the containers must not have all of them restarted at once.
#include "remediator/decision/guards.h"

namespace selfheal::guards {

Objection hands_free(const Facts& facts, const GuardSettings& settings) {
  if (facts.under_way.size() < static_cast<size_t>(settings.concurrent_attempts))
    return std::nullopt;
  return wait(Reason::concurrency_limit,
              "as many containers are being healed as limits.concurrent_attempts allows, " +
                  std::to_string(settings.concurrent_attempts),
              facts.now + settings.judge_busy);
}

}  // namespace selfheal::guards
