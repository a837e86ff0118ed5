#include "remediator/act/service_attempts.h"

#include <algorithm>

#include "remediator/decision/granted.h"
#include "remediator/incident/breaker.h"
#include "remediator/incident/target.h"

namespace selfheal {
namespace {

// Those that hold an incident named by the container are there already.
void add_pauses_of_service(Facts& facts, JournalReader& reader) {
  const std::string target = service_target(facts.service->name);
  for (Pause& pause : reader.pauses(facts.now)) {
    const auto same = [&](const Pause& known) { return known.target == pause.target; };
    auto& known = facts.around.pauses;
    if (covers(pause.target, facts.host, facts.group, target) &&
        std::none_of(known.begin(), known.end(), same))
      known.push_back(std::move(pause));
  }
}

}  // namespace

void count_attempts_on_service(Facts& facts, const Incident& incident, JournalReader& reader,
                               const IncidentSettings& settings) {
  if (!facts.service) return;
  add_pauses_of_service(facts, reader);
  const auto attempts = reader.attempts_on_service(facts.host, service_target(facts.service->name),
                                                   facts.service->id, facts.now - kBudgetDay);
  facts.around.attempts_of_container.clear();
  for (const AttemptSpan& attempt : attempts)
    facts.around.attempts_of_container.push_back(attempt.requested_at);
  const IncidentAlert* alert = incident.newest_firing();
  const WallTime failing_since = alert == nullptr ? incident.opened_at : alert->starts_at;
  const int in_a_row = attempts_in_a_row(attempts, failing_since, settings.healthy_reset);
  if (in_a_row == 0 || in_a_row < facts.attempts_used) return;
  facts.attempts_used = in_a_row;
  const AttemptSpan& last = attempts.back();
  if (!last.ended_at) return;
  facts.last_attempt_ended_at = last.ended_at;
  facts.last_attempt_seen_healthy = last.seen_healthy;
  if (!last.seen_healthy)
    facts.not_before = *last.ended_at + backoff_after(in_a_row, *last.ended_at, settings);
}

Facts as_of_now(Facts facts, const Incident& incident, JournalReader& reader,
                const IncidentSettings& settings) {
  facts.around = reader.surroundings(incident, facts.now);
  facts.attempts_used = incident.attempts_used();
  count_attempts_on_service(facts, incident, reader, settings);
  return facts;
}

void note_judged(Incident& incident, const Facts& facts, JournalReader& reader) {
  if (facts.service || facts.inspected) {
    const ContainerBudget budget = budget_of_labels(facts.labels());
    incident.budget_per_hour = budget.per_hour;
    incident.budget_per_day = budget.per_day;
  }
  if (!facts.service) {
    if (facts.inspected && facts.service_name.empty()) {
      incident.service.clear();
      incident.service_id.clear();
    }
    return;
  }
  incident.service = service_target(facts.service->name);
  incident.service_id = facts.service->id;
  if (facts.attempts_used <= incident.attempts_used()) return;
  incident.carried_attempts += facts.attempts_used - incident.attempts_used();
  incident.last_attempt_ended_at = facts.last_attempt_ended_at;
  incident.last_attempt_seen_healthy = facts.last_attempt_seen_healthy;
  incident.breaker_told =
      incident.breaker_told || reader.breaker_told_of_service(incident.host, incident.service,
                                                              incident.id, facts.now - kBudgetDay);
}

}  // namespace selfheal
