#include "remediator/act/service_attempts.h"

#include <algorithm>

#include "remediator/act/facts_reader.h"
#include "remediator/decision/granted.h"
#include "remediator/incident/breaker.h"
#include "remediator/incident/target.h"

namespace selfheal {
namespace {

// Those that hold an incident named by the container are there already.
void add_pauses_of_service(Facts& facts, JournalReader& reader) {
  const std::string target = service_target(facts.service_name);
  for (Pause& pause : reader.pauses(facts.now)) {
    const auto same = [&](const Pause& known) { return known.target == pause.target; };
    auto& known = facts.around.pauses;
    if (covers(pause.target, facts.host, facts.group, target) &&
        std::none_of(known.begin(), known.end(), same))
      known.push_back(std::move(pause));
  }
}

bool was_updated(const Incident& incident) {
  return std::any_of(incident.attempts.begin(), incident.attempts.end(), [](const Attempt& one) {
    return one.action == to_string(Action::service_update);
  });
}

// Whether the incident is about the container alone, by what is known now. Once its service was
// updated for it, it stays that service's: those attempts count there.
bool is_of_no_service(const Incident& incident, const Facts& facts,
                      const EscalationSettings& escalation) {
  if (!facts.inspected) return false;
  return facts.service_name.empty() ||
         (!is_for_service(facts, escalation) && !was_updated(incident));
}

// What was told before it was of another breaker.
WallTime last_attempt_at(const Facts& facts) {
  const auto& attempts = facts.around.attempts_of_container;
  const WallTime requested_at = attempts.empty() ? facts.now - kBudgetDay : attempts.back();
  return std::max(requested_at, facts.last_attempt_ended_at.value_or(requested_at));
}

// In the place of the container's own, where they are more.
void count_attempts(Facts& facts, const Incident& incident, JournalReader& reader,
                    const IncidentSettings& settings) {
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

}  // namespace

void add_service(Facts& facts, const Incident& incident, JournalReader& reader,
                 const RemediatorSettings& settings) {
  if (facts.service_name.empty()) return;
  add_pauses_of_service(facts, reader);
  if (facts.service && is_for_service(facts, settings.guards.escalation))
    count_attempts(facts, incident, reader, settings.incident);
}

Facts as_of_now(Facts facts, const Incident& incident, JournalReader& reader,
                const RemediatorSettings& settings) {
  take_incident(facts, incident, settings.incident);
  facts.around = reader.surroundings(incident, facts.now);
  add_service(facts, incident, reader, settings);
  return facts;
}

void note_judged(Incident& incident, const Facts& facts, JournalReader& reader,
                 const EscalationSettings& escalation) {
  if (facts.service || facts.inspected) {
    const ContainerBudget budget = budget_of_labels(facts.labels());
    incident.budget_per_hour = budget.per_hour;
    incident.budget_per_day = budget.per_day;
  }
  if (is_of_no_service(incident, facts, escalation)) {
    incident.service.clear();
    incident.service_id.clear();
  }
  if (!facts.service || !is_for_service(facts, escalation)) return;
  incident.service = service_target(facts.service->name);
  incident.service_id = facts.service->id;
  if (facts.attempts_used > incident.attempts_used()) {
    incident.carried_attempts += facts.attempts_used - incident.attempts_used();
    incident.last_attempt_ended_at = facts.last_attempt_ended_at;
    incident.last_attempt_seen_healthy = facts.last_attempt_seen_healthy;
  }
  incident.breaker_told =
      incident.breaker_told || reader.breaker_told_of_service(incident.host, incident.service,
                                                              incident.id, last_attempt_at(facts));
}

}  // namespace selfheal
