#include "remediator/decision/guards.h"
#include "remediator/incident/target.h"

namespace selfheal::guards {
namespace {

Objection no_service(const Facts& facts, const GuardSettings& settings) {
  const DockerFailure& failure = *facts.service_failure;
  switch (failure.kind) {
    case DockerFailureKind::not_found:
      return refuse(Reason::no_such_service,
                    "the Swarm has no service \"" + facts.service_name + "\"", facts, settings);
    case DockerFailureKind::unavailable:
    case DockerFailureKind::refused:
      return refuse(Reason::no_manager, failure.message, facts, settings);
    default:
      return wait(Reason::docker_unreachable, failure.message, facts.now + settings.judge_again);
  }
}

// Where nobody can be asked what is said of a service, nothing is: its tasks on an engine that is
// no manager are healed as their own labels say. An answer that may still come is waited for.
bool tells_nothing(DockerFailureKind kind) {
  return kind == DockerFailureKind::not_found || kind == DockerFailureKind::unavailable ||
         kind == DockerFailureKind::refused;
}

}  // namespace

Objection service_exists(const Facts& facts, const GuardSettings& settings) {
  if (facts.service) return std::nullopt;
  if (facts.service_failure && tells_nothing(facts.service_failure->kind) &&
      !is_for_service(facts, settings.escalation))
    return std::nullopt;
  if (facts.service_failure) return no_service(facts, settings);
  if (service_of(facts.container))
    return wait(Reason::docker_unreachable,
                facts.docker_failure ? facts.docker_failure->message : "Docker was not asked",
                facts.now + settings.judge_again);
  const auto step = step_due(facts, settings.escalation);
  if (!step || step->action != Action::service_update) return std::nullopt;
  return refuse(Reason::no_such_service,
                "the container is no task of a Swarm's service, and only those can be updated",
                facts, settings);
}

}  // namespace selfheal::guards
