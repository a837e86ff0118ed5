#include "remediator/decision/guards.h"
#include "remediator/incident/target.h"

namespace selfheal::guards {

Objection container_exists(const Facts& facts, const GuardSettings& settings) {
  if (facts.inspected || service_of(facts.container)) return std::nullopt;
  if (facts.docker_failure && facts.docker_failure->kind == DockerFailureKind::not_found)
    return refuse(Reason::no_such_container, "there is no container \"" + facts.container + "\"",
                  facts, settings);
  return wait(Reason::docker_unreachable,
              facts.docker_failure ? facts.docker_failure->message : "Docker was not asked",
              facts.now + settings.judge_again);
}

}  // namespace selfheal::guards
