#include "remediator/act/service_verification.h"

#include <algorithm>

#include "common/base/time_text.h"
#include "common/docker/opt_in.h"
#include "remediator/act/promql.h"
#include "remediator/decision/facts.h"

namespace selfheal {
namespace {

// Why it is not done; nothing when all that the service wants runs, and is of its last update.
std::optional<std::string> unfinished(const ServiceDetails& service, const Tasks& tasks) {
  const auto is_new = [&](const TaskDetails& task) {
    return task.running && task.force_update == service.force_update;
  };
  const auto ready = static_cast<size_t>(std::count_if(tasks.begin(), tasks.end(), is_new));
  const size_t wanted = std::max<size_t>(tasks.size(), service.replicas.value_or(1));
  const std::string so_far =
      std::to_string(ready) + " of " + std::to_string(wanted) + " tasks are new and run";
  if (service.update_state != ServiceUpdateState::completed)
    return "the update is under way: " + so_far;
  if (ready == wanted) return std::nullopt;
  for (const TaskDetails& task : tasks)
    if (!is_new(task) && !task.error.empty()) return so_far + "; one is not: " + task.error;
  return so_far;
}

// Names have no character that a pattern takes for more than itself, but the dot.
std::string selector(const ServiceDetails& service, const Tasks& tasks) {
  std::string names;
  for (const TaskDetails& task : tasks) {
    if (!names.empty()) names += '|';
    for (const char c : container_name(service, task))
      names += c == '.' ? "[.]" : std::string(1, c);
  }
  return "{container=~" + promql_string(names) + "}";
}

std::string all_of(const Tasks& tasks, const std::string& containers) {
  return "count(" + containers + ") == " + std::to_string(tasks.size());
}

}  // namespace

std::optional<std::string> failed_update(const ServiceDetails& service) {
  switch (service.update_state) {
    case ServiceUpdateState::paused:
    case ServiceUpdateState::rolling_back:
    case ServiceUpdateState::rollback_paused:
    case ServiceUpdateState::rolled_back:
      return "the update is " + std::string(to_string(service.update_state)) + ": " +
             service.update_message;
    default:
      return std::nullopt;
  }
}

HealthAnswer manager_health(const ServiceDetails& service, const Tasks& tasks, WallTime now,
                            const VerificationSettings& settings) {
  if (const auto why = unfinished(service, tasks)) return {Health::unproven, *why};
  const bool settled = std::all_of(tasks.begin(), tasks.end(), [&](const TaskDetails& task) {
    return now - task.since >= settings.settled;
  });
  if (settled) return {Health::proven, ""};
  return {Health::unproven, "its tasks have not run for long enough yet"};
}

HealthAnswer ask_service_health(PrometheusApi& prometheus, const std::string& host,
                                const ServiceDetails& service, const Tasks& tasks, WallTime now,
                                const VerificationSettings& settings) {
  if (const auto why = unfinished(service, tasks)) return {Health::unproven, *why};
  Questions ask(prometheus);  // the first that is so decides
  const std::string containers = selector(service, tasks);
  const std::string watched = "count(selfheal_container_start_time_seconds" + containers + ")";
  const std::string probed = "count(selfheal_probe_consecutive_successes" + containers + ")";
  if (!settings.query.empty()) {
    // What it says of the tasks before the update is no proof: it counts when these have settled.
    const HealthAnswer settled = manager_health(service, tasks, now, settings);
    if (settled.health != Health::proven) return settled;
    if (ask.is_so(filled_query(settings.query, host, service.name))) return {Health::proven, ""};
    return ask.silent().value_or(
        HealthAnswer{Health::unproven, "verification.query has no answer yet"});
  }
  // An exporter watches containers by what they carry themselves.
  if (!opted_in(service.container_labels)) return manager_health(service, tasks, now, settings);
  if (ask.is_so(service_proven_query(service, tasks, settings))) return {Health::proven, ""};
  if (ask.is_so(service_seen_healthy_query(service, tasks)))
    return {Health::seen_healthy, "healthy, but not for long enough yet"};
  if (ask.is_so(watched + " unless " + probed))
    return manager_health(service, tasks, now, settings);
  if (ask.is_so(all_of(tasks, "selfheal_container_start_time_seconds" + containers)))
    return {Health::unproven, "the probes of all its containers have not passed since the update"};
  if (ask.silent()) return *ask.silent();
  return {Health::unproven,
          "Prometheus has nothing of some of its containers; does each node have an exporter that "
          "is scraped?",
          Unproven::not_scraped};
}

WallTime verdict_due_at(const Attempt& attempt, const ServiceDetails& service, const Tasks& tasks,
                        const VerificationSettings& settings) {
  const auto patience = verification_time(labels_of_service(service), settings) +
                        std::chrono::duration_cast<Milliseconds>(service.update_pause);
  WallTime last = std::max(*attempt.acted_at, service.updated_at.value_or(*attempt.acted_at));
  for (const TaskDetails& task : tasks) last = std::max(last, task.since);
  const auto steps = static_cast<int64_t>(std::max<size_t>(tasks.size(), 1)) + 1;
  return std::min(last + patience, *attempt.acted_at + steps * patience);
}

std::string service_proven_query(const ServiceDetails& service, const Tasks& tasks,
                                 const VerificationSettings& settings) {
  const std::string containers = selector(service, tasks);
  return all_of(tasks, successes_at_least(containers, 2) +
                           " and on (host, container) (min by (host, container) "
                           "(selfheal_probe_last_success_timestamp_seconds" +
                           containers +
                           ") - max by (host, container) (selfheal_container_start_time_seconds" +
                           containers + ") >= " + format_seconds(settings.settled) + ")");
}

std::string service_seen_healthy_query(const ServiceDetails& service, const Tasks& tasks) {
  return all_of(tasks, successes_at_least(selector(service, tasks), 1));
}

}  // namespace selfheal
