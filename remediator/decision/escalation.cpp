#include "remediator/decision/escalation.h"

#include <algorithm>

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

StepsResult all_steps(const Facts& facts, const EscalationSettings& settings) {
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
  return step.action == Action::kill || step.action == Action::recreate;
}

// To restart what is down is to start it.
HealingStep for_what_is_down(HealingStep step) {
  if (step.action == Action::restart || step.action == Action::kill) step.action = Action::start;
  return step;
}

}  // namespace

bool brake_is_set(const Labels& labels, const std::string& label) {
  const std::string value = find(labels, label);
  return !value.empty() && value != "false";
}

Result<HealingStep, StepFault> step_due(const Facts& facts, const EscalationSettings& settings) {
  StepsResult steps = all_steps(facts, settings);
  if (!steps) return steps.error();
  const bool down = facts.asked_action == to_string(Action::start);
  if (down) std::transform(steps->begin(), steps->end(), steps->begin(), for_what_is_down);
  if (facts.inspected && brake_is_set(facts.inspected->labels, "selfheal.stateful"))
    std::erase_if(*steps, loses_state);
  if (steps->empty())
    return StepFault{NoStep::stateful,
                     "its label selfheal.stateful says that it must be neither killed nor "
                     "recreated, and nothing else is asked for"};
  const auto last = static_cast<int>(steps->size()) - 1;
  return (*steps)[static_cast<size_t>(std::clamp(facts.escalation, 0, last))];
}

}  // namespace selfheal
