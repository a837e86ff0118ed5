// The guards, one file each in guards/, in the order in which they are asked. [pure]
//
// A new guard: its function here, its file in guards/, its line in guard_list.cpp, its Reason in
// decision.h.
#pragma once

#include "remediator/decision/decision.h"

namespace selfheal::guards {

// The alert names an engine that this remediator talks to, and that calls itself the same.
Objection known_host(const Facts& facts, const GuardSettings& settings);
// Docker answers, and has that container.
Objection container_exists(const Facts& facts, const GuardSettings& settings);
// The same for a service that is to be updated, by a manager of its Swarm.
Objection service_exists(const Facts& facts, const GuardSettings& settings);
// Never its own container.
Objection not_self(const Facts& facts, const GuardSettings& settings);
// Never what the configuration protects.
Objection not_protected(const Facts& facts, const GuardSettings& settings);
// Only what opted in by label, looked up on the live container.
Objection opted_in(const Facts& facts, const GuardSettings& settings);
// An action that exists and that the container's owner did not rule out.
Objection action_allowed(const Facts& facts, const GuardSettings& settings);
// Not while a person has paused it, its group, its host or everything.
Objection not_paused(const Facts& facts, const GuardSettings& settings);
// The action fits the container's state; a person's pause or stop is not undone.
Objection state_fits(const Facts& facts, const GuardSettings& settings);
// Its service can be updated now, and will not lose all its tasks by it. What Swarm does is not
// done for it.
Objection service_fits(const Facts& facts, const GuardSettings& settings);
// No more attempts than granted.
Objection attempts_left(const Facts& facts, const GuardSettings& settings);
// No more attempts within an hour and a day than granted to the container, and within an hour to
// its host.
Objection budget(const Facts& facts, const GuardSettings& settings);
// The pause between attempts of one incident.
Objection backoff(const Facts& facts, const GuardSettings& settings);
// The pause after any attempt that was not seen to work.
Objection cooldown(const Facts& facts, const GuardSettings& settings);
// Not what was created moments ago: a deployment may be under way.
Objection not_just_made(const Facts& facts, const GuardSettings& settings);
// Not what has started moments ago, or what Docker has to start after it was away.
Objection start_grace(const Facts& facts, const GuardSettings& settings);
// The alert is a lease: without a recent delivery nothing is done.
Objection lease(const Facts& facts, const GuardSettings& settings);
// No selfheal:hold. Before still_firing: a trigger that is held does not fire, and this says why.
Objection not_held(const Facts& facts, const GuardSettings& settings);
// Prometheus agrees that it fires right now; no answer means wait.
Objection still_firing(const Facts& facts, const GuardSettings& settings);
// One attempt at a time in a group of replicas.
Objection group_free(const Facts& facts, const GuardSettings& settings);
// Not more attempts at once than allowed; first attempts go first.
Objection hands_free(const Facts& facts, const GuardSettings& settings);
// --dry-run and selfheal.dry-run=true; last, so that it tells what would have been done.
Objection dry_run(const Facts& facts, const GuardSettings& settings);

// Of a container that only follows another one (object_to_following) its labels say whether it may
// be touched, and not what is done: that is a restart, whatever steps they name for its own
// healing. No selfheal.action=none.
Objection may_follow(const Facts& facts, const GuardSettings& settings);
// As dry_run().
Objection dry_run_of_following(const Facts& facts, const GuardSettings& settings);

}  // namespace selfheal::guards
