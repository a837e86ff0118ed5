#include "remediator/decision/guards.h"

namespace selfheal::guards {

Objection may_follow(const Facts& facts, const GuardSettings& settings) {
  const auto action = facts.labels().find("selfheal.action");
  if (action == facts.labels().end() || action->second != "none") return std::nullopt;
  return refuse(Reason::action_none, "the container's label selfheal.action says none", facts,
                settings);
}

}  // namespace selfheal::guards
