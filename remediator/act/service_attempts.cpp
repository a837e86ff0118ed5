#include "remediator/act/service_attempts.h"

#include <algorithm>

#include "remediator/incident/target.h"

namespace selfheal {

int attempts_in_a_row(const std::vector<AttemptSpan>& attempts, WallTime failing_since,
                      Milliseconds healthy_reset) {
  int count = 0;
  WallTime next_failure = failing_since;
  for (auto attempt = attempts.rbegin(); attempt != attempts.rend(); ++attempt) {
    if (attempt->ended_at && next_failure - *attempt->ended_at >= healthy_reset) break;
    ++count;
    next_failure = std::min(next_failure, attempt->requested_at);
  }
  return count;
}

void count_attempts_on_service(Facts& facts, const Incident& incident, JournalReader& reader,
                               const IncidentSettings& settings) {
  if (!facts.service) return;
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

}  // namespace selfheal
