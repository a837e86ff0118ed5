#include "remediator/decision/guards.h"

namespace selfheal::guards {
namespace {

Reason reason_of(NoStep why) {
  switch (why) {
    case NoStep::by_label:
      return Reason::action_none;
    case NoStep::unknown:
      return Reason::unknown_action;
    case NoStep::stateful:
      return Reason::stateful;
  }
  return Reason::unknown_action;
}

}  // namespace

Objection action_allowed(const Facts& facts, const GuardSettings& settings) {
  const auto step = step_due(facts, settings.escalation);
  if (step) return std::nullopt;
  return refuse(reason_of(step.error().why), step.error().detail, facts, settings);
}

}  // namespace selfheal::guards
