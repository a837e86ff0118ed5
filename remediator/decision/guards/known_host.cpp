// The name in the alert's `host` label must be the one that Docker itself gives. Two hosts whose
// containers share names are common; acting on the namesake here would be a restart of something
// healthy.
#include "remediator/decision/guards.h"

namespace selfheal::guards {

Objection known_host(const Facts& facts, const GuardSettings& settings) {
  if (!facts.host_fault.empty())
    return refuse(Reason::unknown_host, facts.host_fault, facts, settings);
  if (facts.engine_host.empty()) return std::nullopt;  // Docker is away: the next guard says so
  if (facts.host == facts.engine_host) return std::nullopt;
  return refuse(
      Reason::unknown_host,
      "the alert is for host \"" + facts.host + "\", this engine is \"" + facts.engine_host + "\"",
      facts, settings);
}

}  // namespace selfheal::guards
