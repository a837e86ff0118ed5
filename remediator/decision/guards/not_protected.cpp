// What must never be restarted by a machine, whoever has put the opt-in label on it.
#include <fnmatch.h>

#include "common/docker/left_aside.h"
#include "remediator/decision/guards.h"
#include "remediator/decision/guards/protected_names.h"

namespace selfheal {

const std::string* protecting_pattern(const std::string& name, const GuardSettings& settings) {
  for (const std::string& pattern : settings.protected_names)
    if (fnmatch(pattern.c_str(), name.c_str(), 0) == 0) return &pattern;
  return nullptr;
}

}  // namespace selfheal

namespace selfheal::guards {

Objection not_protected(const Facts& facts, const GuardSettings& settings) {
  if (is_left_aside(facts.container))
    return refuse(Reason::protected_container, "a recreation has left it aside", facts, settings);
  const std::string service = facts.service ? facts.service->name : facts.container;
  for (const std::string& name : {facts.container, facts.group, service})
    if (const std::string* pattern = protecting_pattern(name, settings))
      return refuse(Reason::protected_container, "guards.protected has \"" + *pattern + "\"", facts,
                    settings);
  return std::nullopt;
}

}  // namespace selfheal::guards
