// The names of the labels that there are, and what somebody may have meant by one that there is
// not: a misspelt label would otherwise be nothing but a default that nobody understands.
//
// [pure]
#pragma once

#include <string>
#include <string_view>

#include "common/docker/docker_api.h"

namespace selfheal {

inline constexpr std::string_view kLabelPrefix = "selfheal.";

// Empty where `name` is one of ours, or not meant to be; else what is wrong with it, for a person.
// Whether there is a probe of the name that it ends in is not looked at.
std::string fault_of_name(std::string_view name);

// Why a container with these labels is not watched though it seems meant to be: it says something
// about its probes and neither yes nor no. Empty where it does not, or is watched.
std::string fault_of_opt_in(const Labels& labels);

}  // namespace selfheal
