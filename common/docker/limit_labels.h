// The labels by which the owner of a container or a service asks for other limits to its healing
// than the configuration's. The exporter tells faults in them, the remediator goes by them. [pure]
//
//   selfheal.cooldown          a duration such as 1m
//   selfheal.start-grace       the same
//   selfheal.budget-per-hour   a number from 1
//   selfheal.budget-per-day    the same
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/clock.h"
#include "common/docker/docker_api.h"

namespace selfheal {

inline constexpr std::array<std::string_view, 4> kLimitLabels{
    "selfheal.cooldown", "selfheal.start-grace", "selfheal.budget-per-hour",
    "selfheal.budget-per-day"};

// Nothing where a label is not there, is empty or can't be read.
struct AskedLimits {
  std::optional<Milliseconds> cooldown;
  std::optional<Milliseconds> start_grace;
  std::optional<int> budget_per_hour;
  std::optional<int> budget_per_day;
};

AskedLimits asked_limits(const Labels& labels);

// What is wrong with one of them, for a person: "expected a number from 1". Empty where nothing is.
std::string fault_of_limit(const Labels& labels, std::string_view label);

}  // namespace selfheal
