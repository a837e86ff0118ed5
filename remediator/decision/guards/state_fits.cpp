// A restart would unpause a paused container, interfere with Docker's own restart policy, and start
// what a person has just stopped. Whether a container that is down should be up is the policy's to
// say, by an alert that asks for `start`.
#include "remediator/decision/guards.h"

namespace selfheal::guards {
namespace {

Objection not_running(const Facts& facts, const GuardSettings& settings) {
  return wait(Reason::container_not_running,
              "the container is " + std::string(to_string(facts.inspected->state)) +
                  "; it is not restarted unless it runs",
              facts.now + settings.judge_again);
}

}  // namespace

Objection state_fits(const Facts& facts, const GuardSettings& settings) {
  if (facts.service)
    return std::nullopt;  // service_fits() says; one task more or less is no reason
  const WallTime again = facts.now + settings.judge_again;
  const bool of_what_runs = effective_action(facts) != "start";
  switch (facts.inspected->state) {
    case ContainerState::paused:
      return wait(Reason::container_paused, "the container is paused", again);
    case ContainerState::restarting:
    case ContainerState::removing:
      return wait(Reason::container_in_transition,
                  "the container is " + std::string(to_string(facts.inspected->state)), again);
    case ContainerState::running:
      if (of_what_runs) return std::nullopt;
      return wait(Reason::container_running, "the container runs already", again);
    case ContainerState::created:
    case ContainerState::exited:
    case ContainerState::dead:
    case ContainerState::unknown:
      break;
  }
  if (of_what_runs) return not_running(facts, settings);
  return std::nullopt;
}

}  // namespace selfheal::guards
