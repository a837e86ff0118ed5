#include "remediator/decision/guards.h"
#include "remediator/incident/target.h"

namespace selfheal::guards {

Objection action_allowed(const Facts& facts, const GuardSettings& settings) {
  const std::string action = effective_action(facts);
  if (action == "none")
    return refuse(Reason::action_none, "its label selfheal.action says none", facts, settings);
  const auto known = parse_action(action);
  if (!known)
    return refuse(Reason::unknown_action,
                  "\"" + action +
                      "\" is not an action; expected restart, kill, start, "
                      "service-update or none",
                  facts, settings);
  if (service_of(facts.container) && *known != Action::service_update)
    return refuse(Reason::unknown_action,
                  "a service can't be " + action + "ed; expected service-update", facts, settings);
  // As the dry run: a brake that can't be read holds.
  const auto stateful = facts.labels().find("selfheal.stateful");
  const bool keeps_state =
      stateful != facts.labels().end() && !stateful->second.empty() && stateful->second != "false";
  if ((*known == Action::kill || *known == Action::service_update) && keeps_state)
    return refuse(Reason::stateful,
                  "its label selfheal.stateful says that it must not be killed or replaced", facts,
                  settings);
  return std::nullopt;
}

}  // namespace selfheal::guards
