// What must never be restarted by a machine, whoever has put the opt-in label on it.
#include <fnmatch.h>

#include "remediator/decision/guards.h"

namespace selfheal::guards {

Objection not_protected(const Facts& facts, const GuardSettings& settings) {
  for (const std::string& pattern : settings.protected_names)
    if (fnmatch(pattern.c_str(), facts.container.c_str(), 0) == 0 ||
        fnmatch(pattern.c_str(), facts.group.c_str(), 0) == 0 ||
        (facts.service && fnmatch(pattern.c_str(), facts.service->name.c_str(), 0) == 0))
      return refuse(Reason::protected_container, "guards.protected has \"" + pattern + "\"", facts,
                    settings);
  return std::nullopt;
}

}  // namespace selfheal::guards
