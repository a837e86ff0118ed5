// Whether to act on a container now, and if not, why. [pure]
//
// decide() asks the guards in the order of guard_list.cpp; the first that objects decides. Every
// reason is a name that appears in the log, in the journal and as a metric label alike.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "remediator/decision/escalation.h"
#include "remediator/decision/facts.h"
#include "remediator/incident/breaker.h"

namespace selfheal {

enum class Verdict {
  act,
  wait,    // judged again at `until`: what stands in the way passes by itself
  refuse,  // judged again too, but rarely: it takes a person or a new container to change it
};

enum class Reason {
  due,  // the reason to act
  dry_run,
  unknown_host,
  docker_unreachable,
  no_such_container,
  no_such_service,
  no_manager,  // of a Swarm, which services are updated through
  self,
  protected_container,
  not_opted_in,
  action_none,
  unknown_action,
  stateful,       // what is asked for would lose its state
  left_to_swarm,  // of a Swarm's task, what Swarm does or undoes by itself
  all_at_once,    // the service's update would replace all its tasks at the same time
  container_paused,
  container_in_transition,  // restarting by Docker's policy, or being removed; a service: updated
  container_not_running,    // a restart is asked for; the down alert decides about starting
  container_running,        // a start is asked for
  paused,
  attempts_used_up,
  budget_of_container,
  budget_of_host,
  just_created,
  start_grace,
  backoff,
  cooldown,
  lease_over,
  policy_unreachable,
  not_firing,
  hold,
  group_busy,         // another container of its group is being healed
  concurrency_limit,  // as many containers are being healed as may be at once
};

std::string_view to_string(Verdict verdict);
std::string_view to_string(Reason reason);

struct Decision {
  Verdict verdict = Verdict::act;
  Reason reason = Reason::due;
  std::string detail;  // for a person
  WallTime until;      // for wait and refuse: when to judge again
  HealingStep step;    // for act
};

struct GuardSettings {
  bool dry_run = false;
  // Containers, or groups of them, that are never acted on; with * and ? as in a shell.
  std::vector<std::string> protected_names;
  EscalationSettings escalation;
  int max_attempts = 3;
  ContainerBudget budget;
  int host_budget = 30;                // attempts within an hour
  Milliseconds start_grace{10'000};    // after a container's start, or its start period if longer
  Milliseconds create_grace{10'000};   // after its creation: a deployment may be under way
  int concurrent_attempts = 2;         // on all containers
  Milliseconds cooldown{30'000};       // after an attempt that was not seen to work
  Milliseconds judge_again{5'000};     // of what waits
  Milliseconds judge_busy{1'000};      // of what waits for another attempt, which may take seconds
  Milliseconds judge_refused{30'000};  // of what was refused
  // An attempt that Docker is at for longer than that, beyond the stop timeout, is stuck and holds
  // up nobody any more; so is one that has waited that long for its proof, which only the update of
  // a large service, or what can't be put back, should ever take.
  Milliseconds longest_acting{300'000};
  Milliseconds longest_verifying{3'600'000};
  // The same for those on other hosts: how long DockerClient waits for a restart beyond that.
  Milliseconds longest_elsewhere{30'000};
  // What was acted on longer ago is not restarted at once with others, whatever becomes of it.
  Milliseconds at_once{20'000};
};

// Nothing when the guard does not object.
using Objection = std::optional<Decision>;
using Guard = Objection (*)(const Facts&, const GuardSettings&);

Decision decide(const Facts& facts, const GuardSettings& settings);

// Whether a decision's reason is that other attempts are under way, and the objections that say so:
// they know from the journal alone, while decide() needs all facts.
bool waits_for_others(std::string_view reason);
Objection object_for_others(const Facts& facts, const GuardSettings& settings);

// Whether what was healed beside it may have a running container restarted too: what people and
// labels say of it. Nothing is broken about it, and no attempt of its own is begun.
Objection object_to_following(const Facts& facts, const GuardSettings& settings);

// For guards.
bool stuck(const AttemptUnderWay& attempt, WallTime now, const GuardSettings& settings);
Objection wait(Reason reason, std::string detail, WallTime until);
Objection refuse(Reason reason, std::string detail, const Facts& facts,
                 const GuardSettings& settings);

}  // namespace selfheal
