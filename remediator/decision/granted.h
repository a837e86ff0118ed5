// What the configuration grants to all, as far as the owner of what is to be healed has not asked
// for something else by label (common/docker/limit_labels). [pure]
//
//   selfheal.cooldown          guards.cooldown
//   selfheal.start-grace       guards.start_grace
//   selfheal.budget-per-hour   guards.budget.per_hour
//   selfheal.budget-per-day    guards.budget.per_day
//
// A value that can't be read counts as none: the configuration's holds.
#pragma once

#include <string>
#include <vector>

#include "remediator/decision/decision.h"

namespace selfheal {

struct Granted {
  Milliseconds cooldown;
  Milliseconds start_grace;
  ContainerBudget budget;
};

Granted granted_to(const Labels& labels, const GuardSettings& settings);

// Only what the labels say; 0 where they say nothing.
ContainerBudget budget_of_labels(const Labels& labels);

// What is wrong with these labels, each for a person: which label, its value, what was expected.
std::vector<std::string> label_faults(const Labels& labels);

// The same of one label, as a remark behind a decision's detail; empty where it is fine.
std::string remark_on(const Labels& labels, const std::string& label);

}  // namespace selfheal
