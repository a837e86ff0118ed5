// The order: what can never be acted on first, what passes by itself after it, what costs least to
// know before what costs more, and the dry run last.
#include <array>

#include "remediator/decision/guards.h"

namespace selfheal {
namespace {

constexpr std::array<Guard, 22> kGuards{
    guards::known_host,    guards::container_exists, guards::service_exists, guards::not_self,
    guards::not_protected, guards::opted_in,         guards::action_allowed, guards::not_paused,
    guards::service_fits,  guards::state_fits,       guards::attempts_left,  guards::budget,
    guards::backoff,       guards::cooldown,         guards::not_just_made,  guards::start_grace,
    guards::lease,         guards::not_held,         guards::still_firing,   guards::group_free,
    guards::hands_free,    guards::dry_run,
};

constexpr std::array<Guard, 6> kGuardsOfFollowing{
    guards::not_self,   guards::not_protected, guards::opted_in,
    guards::may_follow, guards::not_paused,    guards::dry_run_of_following,
};

}  // namespace

Decision decide(const Facts& facts, const GuardSettings& settings) {
  for (const Guard guard : kGuards)
    if (Objection objection = guard(facts, settings)) return *std::move(objection);
  Decision act;
  act.step = step_due(facts, settings.escalation).value();
  return act;
}

Objection object_to_following(const Facts& facts, const GuardSettings& settings) {
  for (const Guard guard : kGuardsOfFollowing)
    if (Objection objection = guard(facts, settings)) return objection;
  return std::nullopt;
}

Objection object_for_others(const Facts& facts, const GuardSettings& settings) {
  if (Objection objection = guards::group_free(facts, settings)) return objection;
  return guards::hands_free(facts, settings);
}

}  // namespace selfheal
