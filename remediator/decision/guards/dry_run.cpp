#include "remediator/decision/guards.h"

namespace selfheal::guards {

Objection dry_run(const Facts& facts, const GuardSettings& settings) {
  // A brake that can't be read holds: whoever wrote "yes" did not mean to be restarted.
  const auto label = facts.labels().find("selfheal.dry-run");
  const bool own =
      label != facts.labels().end() && !label->second.empty() && label->second != "false";
  if (!settings.dry_run && !own) return std::nullopt;
  return refuse(
      Reason::dry_run,
      "would " + effective_action(facts) + " it, but " +
          (settings.dry_run ? "--dry-run is set" : "its label selfheal.dry-run says not to"),
      facts, settings);
}

}  // namespace selfheal::guards
