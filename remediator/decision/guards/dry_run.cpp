#include "remediator/decision/guards.h"

namespace selfheal::guards {

Objection dry_run(const Facts& facts, const GuardSettings& settings) {
  const bool own = brake_is_set(facts, "selfheal.dry-run");
  if (!settings.dry_run && !own) return std::nullopt;
  return refuse(
      Reason::dry_run,
      "would " + to_text(step_due(facts, settings.escalation).value()) + " it, but " +
          (settings.dry_run ? "--dry-run is set" : "its label selfheal.dry-run says not to"),
      facts, settings);
}

}  // namespace selfheal::guards
