// An update replaces tasks as the service's own configuration says: that is its owner's, and sent
// back as it is. But where it would take all of them down at the same time a service with replicas
// is gone for a moment, which is worse than what one broken replica does.
#include "common/docker/swarm_task.h"
#include "remediator/decision/guards.h"

namespace selfheal::guards {
namespace {

bool under_way(ServiceUpdateState state) {
  return state == ServiceUpdateState::updating || state == ServiceUpdateState::rolling_back;
}

bool takes_all_down(const ServiceDetails& service, size_t tasks) {
  if (service.starts_new_first || tasks < 2) return false;
  return service.update_parallelism == 0 || service.update_parallelism >= tasks;
}

Objection not_for_swarm(const Facts& facts, const GuardSettings& settings) {
  const std::string service = swarm_service(facts.inspected->labels);
  const Action action = step_due(facts, settings.escalation).value().action;
  if (service.empty() || (action != Action::start && action != Action::stop)) return std::nullopt;
  return refuse(
      Reason::left_to_swarm,
      "it is a task of the service " + service + ", in whose place Swarm puts another one", facts,
      settings);
}

}  // namespace

Objection service_fits(const Facts& facts, const GuardSettings& settings) {
  if (!is_for_service(facts, settings.escalation)) return not_for_swarm(facts, settings);
  const WallTime again = facts.now + settings.judge_again;
  if (under_way(facts.service->update_state))
    return wait(Reason::container_in_transition,
                "an update of the service is under way: " + facts.service->update_message, again);
  if (facts.tasks.empty())
    return wait(Reason::container_not_running, "the service has no task to replace", again);
  if (takes_all_down(*facts.service, facts.tasks.size()))
    return refuse(Reason::all_at_once,
                  "its update_config has parallelism " +
                      std::to_string(facts.service->update_parallelism) + ", which stops all its " +
                      std::to_string(facts.tasks.size()) +
                      " tasks at once; a lower one, or the order start-first, is needed",
                  facts, settings);
  return std::nullopt;
}

}  // namespace selfheal::guards
