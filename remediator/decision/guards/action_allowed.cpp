#include "remediator/decision/guards.h"

namespace selfheal::guards {

Objection action_allowed(const Facts& facts, const GuardSettings& settings) {
  const std::string action = effective_action(facts);
  if (action == "none")
    return refuse(Reason::action_none, "the container's label selfheal.action says none", facts,
                  settings);
  if (parse_action(action)) return std::nullopt;
  return refuse(Reason::unknown_action,
                "\"" + action + "\" is not an action; expected restart, start or none", facts,
                settings);
}

}  // namespace selfheal::guards
