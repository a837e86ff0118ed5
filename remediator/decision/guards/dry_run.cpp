#include "remediator/decision/guards.h"

namespace selfheal::guards {
namespace {

bool is_dry(const Facts& facts, const GuardSettings& settings) {
  return settings.dry_run || brake_is_set(facts, "selfheal.dry-run");
}

Objection would(const HealingStep& step, const Facts& facts, const GuardSettings& settings) {
  return refuse(
      Reason::dry_run,
      "would " + to_text(step) + " it, but " +
          (settings.dry_run ? "--dry-run is set" : "its label selfheal.dry-run says not to"),
      facts, settings);
}

}  // namespace

Objection dry_run(const Facts& facts, const GuardSettings& settings) {
  if (!is_dry(facts, settings)) return std::nullopt;
  return would(step_due(facts, settings.escalation).value(), facts, settings);
}

Objection dry_run_of_following(const Facts& facts, const GuardSettings& settings) {
  if (!is_dry(facts, settings)) return std::nullopt;
  return would({Action::restart, {}, {}}, facts, settings);
}

}  // namespace selfheal::guards
