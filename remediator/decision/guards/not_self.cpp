// A remediator that restarts itself dies between the stop and the start, with nobody to finish.
#include "remediator/decision/guards.h"

namespace selfheal::guards {

Objection not_self(const Facts& facts, const GuardSettings& settings) {
  if (!facts.is_self) return std::nullopt;
  return refuse(Reason::self, "this is the remediator's own container", facts, settings);
}

}  // namespace selfheal::guards
