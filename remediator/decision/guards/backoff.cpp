#include "remediator/decision/guards.h"

namespace selfheal::guards {

Objection backoff(const Facts& facts, const GuardSettings&) {
  if (facts.now >= facts.not_before) return std::nullopt;
  return wait(Reason::backoff, "the last attempt did not help; the next is not due yet",
              facts.not_before);
}

}  // namespace selfheal::guards
