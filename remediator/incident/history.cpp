#include "remediator/incident/history.h"

namespace selfheal {
namespace {

void forget_since(std::optional<WallTime>& time, WallTime at) {
  if (time && *time >= at) time.reset();
}

void take_back(Attempt& attempt, WallTime at) {
  forget_since(attempt.seen_healthy_at, at);
  forget_since(attempt.acted_at, at);
  if (!attempt.acted_at) attempt.started_after.reset();
  forget_since(attempt.ended_at, at);
  if (attempt.ended_at) return;
  attempt.result = AttemptResult::none;
  attempt.detail.clear();
}

void take_back_attempts(Incident& incident, WallTime at) {
  std::erase_if(incident.attempts,
                [&](const Attempt& attempt) { return attempt.requested_at >= at; });
  incident.waiting_since = incident.opened_at;
  forget_since(incident.last_attempt_ended_at, at);
  for (Attempt& attempt : incident.attempts) {
    take_back(attempt, at);
    if (!attempt.ended_at) continue;
    incident.waiting_since = *attempt.ended_at;
    incident.last_attempt_ended_at = attempt.ended_at;
    incident.last_attempt_seen_healthy = attempt.seen_healthy_at.has_value();
  }
}

IncidentState state_of(const std::vector<Attempt>& attempts) {
  if (attempts.empty() || attempts.back().ended_at) return IncidentState::waiting;
  return attempts.back().acted_at ? IncidentState::verifying : IncidentState::acting;
}

}  // namespace

Incident as_of(Incident incident, WallTime at) {
  if (incident.closed_at && *incident.closed_at < at) return incident;
  incident.closed_at.reset();
  incident.outcome = IncidentOutcome::none;
  std::erase_if(incident.alerts,
                [&](const IncidentAlert& alert) { return alert.first_received_at >= at; });
  for (IncidentAlert& alert : incident.alerts) alert.firing = true;
  take_back_attempts(incident, at);
  incident.state = state_of(incident.attempts);
  return incident;
}

}  // namespace selfheal
