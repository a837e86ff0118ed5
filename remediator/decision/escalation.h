// Which step of healing is due: one after the other, each when the one before it did not help.
// [pure]
//
// What a container's labels say goes before the configuration: selfheal.escalation is its own list,
// selfheal.action a list of one. Else the alert's own list counts, where the configuration has one;
// else what the alert asks for, and after a restart that did not help `of_restart`.
//
// Only attempts that did not help lead on. One that did is the one to repeat when the container
// breaks again, until it has been healthy for healthy_reset and all begins anew.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/docker/healing_step.h"
#include "remediator/decision/facts.h"

namespace selfheal {

struct EscalationSettings {
  // Recreating is not among them: what a container has written outside its volumes would be lost.
  std::vector<HealingStep> of_restart{{Action::restart, {}, {}}, {Action::kill, {}, {}}};
  std::map<std::string, std::vector<HealingStep>> alerts;  // by alertname
};

enum class NoStep {
  by_label,  // selfheal.action=none
  unknown,   // a label or an alert asks for what is no action
  stateful,  // nothing is left that does not lose what it has: kills or recreates it; or ends it,
             // where Docker would remove it for that (--rm)
};

struct StepFault {
  NoStep why;
  std::string detail;  // for a person
};

// The container's state has its word too: what an alert says is down is started, whatever the step
// for one that runs is.
Result<HealingStep, StepFault> step_due(const Facts& facts, const EscalationSettings& settings);

// Whether the service is what is acted on: the step that is due is its update, or would be if its
// own labels did not rule that out. A command is run in the task's container.
bool is_for_service(const Facts& facts, const EscalationSettings& settings);

// Whether a brake is set on what is to be acted on: selfheal.stateful or selfheal.dry-run. Of a
// service and of its containers each can set it, and neither can lift what the other has set. They
// hold when they can't be read: any value but "false" is yes.
bool brake_is_set(const Facts& facts, const std::string& label);
bool brake_is_set(const Labels& labels, const std::string& label);  // of a container alone

}  // namespace selfheal
