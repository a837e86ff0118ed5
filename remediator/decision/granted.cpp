#include "remediator/decision/granted.h"

#include <charconv>
#include <optional>

#include "common/base/time_text.h"

namespace selfheal {
namespace {

constexpr const char* kCooldown = "selfheal.cooldown";
constexpr const char* kStartGrace = "selfheal.start-grace";
constexpr const char* kPerHour = "selfheal.budget-per-hour";
constexpr const char* kPerDay = "selfheal.budget-per-day";

// Empty counts as not said, as everywhere with labels.
std::string find(const Labels& labels, const std::string& label) {
  const auto found = labels.find(label);
  return found == labels.end() ? "" : found->second;
}

std::optional<Milliseconds> read_duration(const std::string& text) {
  if (const auto duration = parse_duration(text)) return *duration;
  return std::nullopt;
}

std::optional<int> read_count(const std::string& text) {
  int count = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (failed != std::errc{} || end != text.data() + text.size() || count < 1) return std::nullopt;
  return count;
}

// What is wrong with one of them; empty: nothing, or it is not there.
std::string fault_of(const Labels& labels, const std::string& label) {
  const std::string text = find(labels, label);
  if (text.empty()) return "";
  const bool duration = label == kCooldown || label == kStartGrace;
  if (duration ? read_duration(text).has_value() : read_count(text).has_value()) return "";
  return label + "=\"" + text + "\": expected " +
         (duration ? "a duration such as 30s" : "a number from 1") +
         "; the configuration's value holds";
}

}  // namespace

ContainerBudget budget_of_labels(const Labels& labels) {
  return {read_count(find(labels, kPerHour)).value_or(0),
          read_count(find(labels, kPerDay)).value_or(0)};
}

Granted granted_to(const Labels& labels, const GuardSettings& settings) {
  const ContainerBudget own = budget_of_labels(labels);
  return {read_duration(find(labels, kCooldown)).value_or(settings.cooldown),
          read_duration(find(labels, kStartGrace)).value_or(settings.start_grace),
          {own.per_hour > 0 ? own.per_hour : settings.budget.per_hour,
           own.per_day > 0 ? own.per_day : settings.budget.per_day}};
}

std::vector<std::string> label_faults(const Labels& labels) {
  std::vector<std::string> faults;
  for (const char* label : {kCooldown, kStartGrace, kPerHour, kPerDay})
    if (std::string fault = fault_of(labels, label); !fault.empty())
      faults.push_back(std::move(fault));
  return faults;
}

std::string remark_on(const Labels& labels, const std::string& label) {
  const std::string fault = fault_of(labels, label);
  return fault.empty() ? "" : " (its label " + fault + ")";
}

}  // namespace selfheal
