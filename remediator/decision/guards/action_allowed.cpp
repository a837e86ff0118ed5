#include "remediator/decision/guards.h"

namespace selfheal::guards {

Objection action_allowed(const Facts& facts, const GuardSettings& settings) {
  const std::string action = effective_action(facts);
  if (action == "none")
    return refuse(Reason::action_none, "the container's label selfheal.action says none", facts,
                  settings);
  const auto known = parse_action(action);
  if (!known)
    return refuse(Reason::unknown_action,
                  "\"" + action + "\" is not an action; expected restart, kill, start or none",
                  facts, settings);
  // As the dry run: a brake that can't be read holds.
  const auto stateful = facts.inspected->labels.find("selfheal.stateful");
  const bool keeps_state = stateful != facts.inspected->labels.end() && !stateful->second.empty() &&
                           stateful->second != "false";
  if (*known == Action::kill && keeps_state)
    return refuse(Reason::stateful, "its label selfheal.stateful says that it must not be killed",
                  facts, settings);
  return std::nullopt;
}

}  // namespace selfheal::guards
