#include "remediator/decision/decision.h"

#include <utility>

#include "common/base/enum_names.h"

namespace selfheal {
namespace {

constexpr EnumNames<Verdict, 3> kVerdicts{
    {{Verdict::act, "act"}, {Verdict::wait, "wait"}, {Verdict::refuse, "refuse"}}};
constexpr EnumNames<Reason, 33> kReasons{
    {{Reason::due, "due"},
     {Reason::dry_run, "dry_run"},
     {Reason::unknown_host, "unknown_host"},
     {Reason::docker_unreachable, "docker_unreachable"},
     {Reason::no_such_container, "no_such_container"},
     {Reason::no_such_service, "no_such_service"},
     {Reason::no_manager, "no_manager"},
     {Reason::self, "self"},
     {Reason::protected_container, "protected"},
     {Reason::not_opted_in, "not_opted_in"},
     {Reason::action_none, "action_none"},
     {Reason::unknown_action, "unknown_action"},
     {Reason::stateful, "stateful"},
     {Reason::left_to_swarm, "left_to_swarm"},
     {Reason::all_at_once, "all_at_once"},
     {Reason::container_paused, "container_paused"},
     {Reason::container_in_transition, "container_in_transition"},
     {Reason::container_not_running, "container_not_running"},
     {Reason::container_running, "container_running"},
     {Reason::paused, "paused"},
     {Reason::attempts_used_up, "attempts_used_up"},
     {Reason::budget_of_container, "budget_of_container"},
     {Reason::budget_of_host, "budget_of_host"},
     {Reason::just_created, "just_created"},
     {Reason::start_grace, "start_grace"},
     {Reason::backoff, "backoff"},
     {Reason::cooldown, "cooldown"},
     {Reason::lease_over, "lease_over"},
     {Reason::policy_unreachable, "policy_unreachable"},
     {Reason::not_firing, "not_firing"},
     {Reason::hold, "hold"},
     {Reason::group_busy, "group_busy"},
     {Reason::concurrency_limit, "concurrency_limit"}}};
static_assert(names_each(kVerdicts, Verdict::refuse) &&
              names_each(kReasons, Reason::concurrency_limit));

}  // namespace

std::string_view to_string(Verdict verdict) {
  return name_of(kVerdicts, verdict);
}
std::string_view to_string(Reason reason) {
  return name_of(kReasons, reason);
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
