// Looked up on the live container and not taken from the alert: labels of an alert come from rules
// that anyone may write, the container's from who deployed it.
#include "remediator/decision/guards.h"

namespace selfheal::guards {

Objection opted_in(const Facts& facts, const GuardSettings& settings) {
  for (const char* label : {"selfheal.enable", "monitored"}) {
    const auto found = facts.inspected->labels.find(label);
    if (found != facts.inspected->labels.end() && found->second == "true") return std::nullopt;
  }
  return refuse(Reason::not_opted_in,
                "the container has neither the label selfheal.enable=true nor monitored=true",
                facts, settings);
}

}  // namespace selfheal::guards
