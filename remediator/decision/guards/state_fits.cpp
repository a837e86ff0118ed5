// A restart would unpause a paused container, interfere with Docker's own restart policy, and start
// what a person has just stopped. Whether a container that is down should be up is the policy's to
// say, by an alert that asks for `start`.
#include "remediator/decision/guards.h"

namespace selfheal::guards {
namespace {

Objection not_running(const Facts& facts, Action action, const GuardSettings& settings) {
  return wait(Reason::container_not_running,
              "the container is " + std::string(to_string(facts.inspected->state)) + "; " +
                  std::string(to_string(action)) + " is for what runs",
              facts.now + settings.judge_again);
}

// A container that can't be started can still be made anew, where policy says that it should be up.
bool fits_what_is_down(Action action, const Facts& facts) {
  return action == Action::start ||
         (action == Action::recreate && facts.asked_action == to_string(Action::start));
}

}  // namespace

Objection state_fits(const Facts& facts, const GuardSettings& settings) {
  if (is_for_service(facts, settings.escalation))
    return std::nullopt;  // service_fits() says; one task more or less is no reason
  const WallTime again = facts.now + settings.judge_again;
  const Action action = step_due(facts, settings.escalation).value().action;
  switch (facts.inspected->state) {
    case ContainerState::paused:
      return wait(Reason::container_paused, "the container is paused", again);
    case ContainerState::restarting:
    case ContainerState::removing:
      return wait(Reason::container_in_transition,
                  "the container is " + std::string(to_string(facts.inspected->state)), again);
    case ContainerState::running:
      if (action != Action::start) return std::nullopt;
      return wait(Reason::container_running, "the container runs already", again);
    case ContainerState::created:
    case ContainerState::exited:
    case ContainerState::dead:
    case ContainerState::unknown:
      break;
  }
  if (fits_what_is_down(action, facts)) return std::nullopt;
  return not_running(facts, action, settings);
}

}  // namespace selfheal::guards
