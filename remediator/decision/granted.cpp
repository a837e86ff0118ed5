#include "remediator/decision/granted.h"

#include "common/docker/limit_labels.h"

namespace selfheal {
namespace {

// What is wrong with one of them; empty: nothing, or it is not there.
std::string fault_of(const Labels& labels, const std::string& label) {
  const std::string fault = fault_of_limit(labels, label);
  if (fault.empty()) return "";
  return label + "=\"" + labels.at(label) + "\": " + fault + "; the configuration's value holds";
}

}  // namespace

ContainerBudget budget_of_labels(const Labels& labels) {
  const AskedLimits asked = asked_limits(labels);
  return {asked.budget_per_hour.value_or(0), asked.budget_per_day.value_or(0)};
}

Granted granted_to(const Labels& labels, const GuardSettings& settings) {
  const AskedLimits asked = asked_limits(labels);
  return {asked.cooldown.value_or(settings.cooldown),
          asked.start_grace.value_or(settings.start_grace),
          budget_in_force(budget_of_labels(labels), settings.budget)};
}

std::vector<std::string> label_faults(const Labels& labels) {
  std::vector<std::string> faults;
  for (const std::string_view label : kLimitLabels)
    if (std::string fault = fault_of(labels, std::string(label)); !fault.empty())
      faults.push_back(std::move(fault));
  return faults;
}

std::string remark_on(const Labels& labels, const std::string& label) {
  const std::string fault = fault_of(labels, label);
  return fault.empty() ? "" : " (its label " + fault + ")";
}

}  // namespace selfheal
