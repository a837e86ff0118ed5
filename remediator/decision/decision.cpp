#include "remediator/decision/decision.h"

#include <utility>

namespace selfheal {

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::act:
      return "act";
    case Verdict::wait:
      return "wait";
    case Verdict::refuse:
      return "refuse";
  }
  return "";
}

std::string_view to_string(Reason reason) {
  switch (reason) {
    case Reason::due:
      return "due";
    case Reason::dry_run:
      return "dry_run";
    case Reason::unknown_host:
      return "unknown_host";
    case Reason::docker_unreachable:
      return "docker_unreachable";
    case Reason::no_such_container:
      return "no_such_container";
    case Reason::no_such_service:
      return "no_such_service";
    case Reason::no_manager:
      return "no_manager";
    case Reason::self:
      return "self";
    case Reason::protected_container:
      return "protected";
    case Reason::not_opted_in:
      return "not_opted_in";
    case Reason::action_none:
      return "action_none";
    case Reason::unknown_action:
      return "unknown_action";
    case Reason::stateful:
      return "stateful";
    case Reason::left_to_swarm:
      return "left_to_swarm";
    case Reason::all_at_once:
      return "all_at_once";
    case Reason::container_paused:
      return "container_paused";
    case Reason::container_in_transition:
      return "container_in_transition";
    case Reason::container_not_running:
      return "container_not_running";
    case Reason::container_running:
      return "container_running";
    case Reason::paused:
      return "paused";
    case Reason::attempts_used_up:
      return "attempts_used_up";
    case Reason::budget_of_container:
      return "budget_of_container";
    case Reason::budget_of_host:
      return "budget_of_host";
    case Reason::just_created:
      return "just_created";
    case Reason::start_grace:
      return "start_grace";
    case Reason::backoff:
      return "backoff";
    case Reason::cooldown:
      return "cooldown";
    case Reason::lease_over:
      return "lease_over";
    case Reason::policy_unreachable:
      return "policy_unreachable";
    case Reason::not_firing:
      return "not_firing";
    case Reason::hold:
      return "hold";
    case Reason::group_busy:
      return "group_busy";
    case Reason::concurrency_limit:
      return "concurrency_limit";
  }
  return "";
}

bool waits_for_others(std::string_view reason) {
  return reason == to_string(Reason::group_busy) || reason == to_string(Reason::concurrency_limit);
}

bool stuck(const AttemptUnderWay& attempt, WallTime now, const GuardSettings& settings) {
  if (attempt.acted_at) return now - *attempt.acted_at > settings.longest_verifying;
  return now - attempt.requested_at > attempt.stop_timeout + settings.longest_acting;
}

Objection wait(Reason reason, std::string detail, WallTime until) {
  return Decision{Verdict::wait, reason, std::move(detail), until, {}};
}

Objection refuse(Reason reason, std::string detail, const Facts& facts,
                 const GuardSettings& settings) {
  return Decision{
      Verdict::refuse, reason, std::move(detail), facts.now + settings.judge_refused, {}};
}

}  // namespace selfheal
