#include "remediator/decision/escalation.h"

#include <algorithm>

#include "common/docker/swarm_task.h"
#include "remediator/incident/target.h"

namespace selfheal {
namespace {

using Steps = std::vector<HealingStep>;
using StepsResult = Result<Steps, StepFault>;

std::string find(const Labels& labels, const std::string& label) {
  const auto found = labels.find(label);
  return found == labels.end() ? "" : found->second;
}

StepsResult read_label(const std::string& label, const std::string& text) {
  auto steps = parse_steps(text);
  if (!steps)
    return StepFault{NoStep::unknown,
                     "the container's label " + label + ": " + steps.error().message};
  return *std::move(steps);
}

StepsResult asked_by_alert(const Facts& facts, const EscalationSettings& settings) {
  if (const auto own = settings.alerts.find(facts.alertname); own != settings.alerts.end())
    return own->second;
  if (facts.asked_action == "none")
    return StepFault{NoStep::by_label, "the alert's label remediation says none"};
  // Which command, only who deployed the container may say: anyone can write a rule.
  if (facts.asked_action.starts_with(to_string(Action::exec)))
    return StepFault{NoStep::unknown,
                     "the alert asks for exec, and neither the container's label selfheal.action "
                     "(exec:COMMAND) nor escalation.alerts of the configuration has the command"};
  auto step = parse_step(facts.asked_action);
  if (!step) return StepFault{NoStep::unknown, step.error().message};
  if (step->action == Action::restart && !step->timeout) return settings.of_restart;
  return Steps{*std::move(step)};
}

// There is but one thing to do to it; its labels say whether, and not what.
StepsResult steps_of_service(const Facts& facts, const EscalationSettings& settings) {
  StepsResult steps = asked_by_alert(facts, settings);
  if (!steps) return steps;
  for (const HealingStep& step : *steps)
    if (step.action != Action::service_update)
      return StepFault{NoStep::unknown, "of a service there is only service-update, and not " +
                                            std::string(to_string(step.action))};
  return steps;
}

StepsResult all_steps(const Facts& facts, const EscalationSettings& settings) {
  if (find(facts.service_labels, "selfheal.action") == "none")
    return StepFault{NoStep::by_label, "the service's label selfheal.action says none"};
  if (service_of(facts.container)) return steps_of_service(facts, settings);
  if (!facts.inspected) return asked_by_alert(facts, settings);
  const Labels& labels = facts.inspected->labels;
  const std::string action = find(labels, "selfheal.action");
  if (action == "none")
    return StepFault{NoStep::by_label, "the container's label selfheal.action says none"};
  const std::string escalation = find(labels, "selfheal.escalation");
  if (!escalation.empty()) return read_label("selfheal.escalation", escalation);
  if (!action.empty()) return read_label("selfheal.action", action);
  return asked_by_alert(facts, settings);
}

bool loses_state(const HealingStep& step) {
  return step.action == Action::kill || step.action == Action::recreate ||
         step.action == Action::service_update;
}

bool ends_container(const HealingStep& step) {
  return step.action == Action::kill || step.action == Action::stop;
}

// To restart what is down is to start it, and a command needs something to run in.
HealingStep for_what_is_down(HealingStep step) {
  if (step.action == Action::restart || step.action == Action::kill)
    step.action = Action::start;
  else if (step.action == Action::exec)
    step = {Action::start, {}, step.timeout};
  return step;
}

// Of a Swarm's task there is no restart (swarm_task.h): its service is what can be updated.
HealingStep for_task(HealingStep step) {
  if (step.action == Action::restart || step.action == Action::kill ||
      step.action == Action::recreate)
    step.action = Action::service_update;
  return step;
}

}  // namespace

bool brake_is_set(const Labels& labels, const std::string& label) {
  const std::string value = find(labels, label);
  return !value.empty() && value != "false";
}

bool brake_is_set(const Facts& facts, const std::string& label) {
  if (facts.inspected && brake_is_set(facts.inspected->labels, label)) return true;
  if (!facts.service) return false;
  return brake_is_set(facts.service->labels, label) ||
         brake_is_set(facts.service->container_labels, label);
}

Result<HealingStep, StepFault> step_due(const Facts& facts, const EscalationSettings& settings) {
  StepsResult steps = all_steps(facts, settings);
  if (!steps) return steps.error();
  const bool down = facts.asked_action == to_string(Action::start);
  if (down) std::transform(steps->begin(), steps->end(), steps->begin(), for_what_is_down);
  if (facts.inspected && !swarm_service(facts.inspected->labels).empty())
    std::transform(steps->begin(), steps->end(), steps->begin(), for_task);
  if (facts.inspected && facts.inspected->auto_remove) std::erase_if(*steps, ends_container);
  if (steps->empty())
    return StepFault{NoStep::stateful,
                     "it was started with --rm, so Docker would remove it as soon as it is killed "
                     "or stopped, and nothing else is asked for"};
  if (brake_is_set(facts, "selfheal.stateful")) std::erase_if(*steps, loses_state);
  if (steps->empty())
    return StepFault{NoStep::stateful,
                     "its label selfheal.stateful (or that of its service) says that it must be "
                     "neither killed nor recreated, and nothing else is asked for"};
  const auto last = static_cast<int>(steps->size()) - 1;
  return (*steps)[static_cast<size_t>(std::clamp(facts.escalation, 0, last))];
}

bool is_for_service(const Facts& facts, const EscalationSettings& settings) {
  if (service_of(facts.container)) return true;
  auto step = step_due(facts, settings);
  if (!step && facts.service) {
    Facts without_its_word = facts;
    without_its_word.service.reset();
    without_its_word.service_labels.clear();
    step = step_due(without_its_word, settings);
  }
  return step && step->action == Action::service_update;
}

}  // namespace selfheal
