#include "remediator/decision/decision.h"

#include <utility>

#include "common/docker/swarm_task.h"

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

std::string_view to_string(Action action) {
  switch (action) {
    case Action::restart:
      return "restart";
    case Action::kill:
      return "kill";
    case Action::start:
      return "start";
    case Action::service_update:
      return "service-update";
  }
  return "";
}

std::optional<Action> parse_action(std::string_view text) {
  for (const Action action : {Action::restart, Action::kill, Action::start, Action::service_update})
    if (to_string(action) == text) return action;
  return std::nullopt;
}

namespace {

std::string action_label(const Labels& labels) {
  const auto label = labels.find("selfheal.action");
  return label == labels.end() ? "" : label->second;
}

}  // namespace

std::string effective_action(const Facts& facts) {
  if (facts.service && action_label(facts.service_labels) == "none") return "none";
  if (!facts.inspected) return facts.asked_action;  // of a service: there is but one
  std::string action = action_label(facts.inspected->labels);
  if (action.empty()) action = facts.asked_action;
  if (action != "restart" && action != "kill") return action;
  // To restart what is down is to start it.
  if (facts.asked_action == "start") return facts.asked_action;
  // Of a Swarm's task there is no restart (swarm_task.h): its service is what can be updated.
  return swarm_service(facts.inspected->labels).empty()
             ? action
             : std::string(to_string(Action::service_update));
}

bool waits_for_others(std::string_view reason) {
  return reason == to_string(Reason::group_busy) || reason == to_string(Reason::concurrency_limit);
}

bool stuck(const AttemptUnderWay& attempt, WallTime now, const GuardSettings& settings) {
  return !attempt.acted_at &&
         now - attempt.requested_at > attempt.stop_timeout + settings.longest_acting;
}

Objection wait(Reason reason, std::string detail, WallTime until) {
  return Decision{Verdict::wait, reason, std::move(detail), until, Action::restart};
}

Objection refuse(Reason reason, std::string detail, const Facts& facts,
                 const GuardSettings& settings) {
  return Decision{Verdict::refuse, reason, std::move(detail), facts.now + settings.judge_refused,
                  Action::restart};
}

}  // namespace selfheal
