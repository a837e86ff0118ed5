// A fault that is not in the containers must not have all of them restarted at once. Not more than
// that: what no restart mends must not keep those waiting that one would mend. So its hand is free
// again long before its verification is over, and its next attempts are asked for less often than
// the others' first. Nor must an engine that does not answer keep other hosts waiting.
#include <algorithm>

#include "remediator/decision/guards.h"

namespace selfheal::guards {
namespace {

// Docker answers within its deadline whether it has done it; on another host that is awaited no
// longer, for it says nothing about this one.
bool silent_elsewhere(const AttemptUnderWay& other, const Facts& facts,
                      const GuardSettings& settings) {
  if (other.acted_at || other.host == facts.host) return false;
  const auto& away = facts.hosts_away;
  return std::find(away.begin(), away.end(), other.host) != away.end() ||
         facts.now - other.requested_at > other.stop_timeout + settings.longest_elsewhere;
}

}  // namespace

Objection hands_free(const Facts& facts, const GuardSettings& settings) {
  const auto takes_a_hand = [&](const AttemptUnderWay& other) {
    if (other.acted_at) return facts.now - *other.acted_at <= settings.at_once;
    return !stuck(other, facts.now, settings) && !silent_elsewhere(other, facts, settings);
  };
  if (std::count_if(facts.around.under_way.begin(), facts.around.under_way.end(), takes_a_hand) <
      settings.concurrent_attempts)
    return std::nullopt;
  return wait(Reason::concurrency_limit,
              "as many containers are being healed as limits.concurrent_attempts allows, " +
                  std::to_string(settings.concurrent_attempts),
              facts.now + (facts.attempts_used == 0 ? settings.judge_busy : settings.judge_again));
}

}  // namespace selfheal::guards
