// Looked up on the live container and not taken from the alert: labels of an alert come from rules
// that anyone may write, the container's from who deployed it.
#include "common/docker/opt_in.h"
#include "remediator/decision/guards.h"

namespace selfheal::guards {

Objection opted_in(const Facts& facts, const GuardSettings& settings) {
  if (selfheal::opted_in(facts.labels())) return std::nullopt;
  return refuse(Reason::not_opted_in,
                std::string(facts.service ? "the service" : "the container") +
                    " has neither the label selfheal.enable=true nor monitored=true",
                facts, settings);
}

}  // namespace selfheal::guards
