// What the configuration protects by name. [pure]
#pragma once

#include <string>

#include "remediator/decision/decision.h"

namespace selfheal {

// The pattern of guards.protected that a container's or a group's name matches; null: none does.
const std::string* protecting_pattern(const std::string& name, const GuardSettings& settings);

inline bool is_protected(const std::string& name, const GuardSettings& settings) {
  return protecting_pattern(name, settings) != nullptr;
}

}  // namespace selfheal
