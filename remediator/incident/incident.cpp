#include "remediator/incident/incident.h"

#include <algorithm>

#include "common/docker/healing_step.h"
#include "remediator/incident/target.h"

namespace selfheal {
namespace {

void close(Incident& incident, IncidentOutcome outcome, WallTime now) {
  incident.state = IncidentState::closed;
  incident.outcome = outcome;
  incident.closed_at = now;
  incident.reason = to_string(outcome);
  // What it waited for was its next attempt's, and not what it has left behind.
  if (incident.owes) incident.next_at = now;
}

// Of what was removed, or restarted by somebody else, or of which nothing is known, it can't be
// said that another step would do better.
bool did_not_help(AttemptResult result) {
  return result == AttemptResult::action_failed || result == AttemptResult::no_effect ||
         result == AttemptResult::not_healthy;
}

// Back to waiting. An attempt that had been seen to work is over with a success as far as pauses
// go: the failure that ends it is a new one, and is healed as fast as the first. The attempts still
// count.
void end_attempt(Incident& incident, AttemptResult result, std::string detail, WallTime now,
                 const IncidentSettings& settings) {
  Attempt& attempt = incident.attempts.back();
  attempt.ended_at = now;
  attempt.result = result;
  attempt.detail = std::move(detail);
  if (did_not_help(result) && !attempt.seen_healthy_at) ++incident.escalation;
  incident.last_attempt_ended_at = now;
  incident.last_attempt_seen_healthy = attempt.seen_healthy_at.has_value();
  incident.state = IncidentState::waiting;
  incident.waiting_since = now;
  incident.reason = to_string(result);
  incident.detail = attempt.detail;
  incident.next_at = result == AttemptResult::relapsed
                         ? now
                         : now + backoff_after(incident.attempts_used(), now, settings);
}

IncidentAlert* find_alert(Incident& incident, const std::string& fingerprint) {
  for (IncidentAlert& alert : incident.alerts)
    if (alert.fingerprint == fingerprint) return &alert;
  return nullptr;
}

// Remembers the alert; true when it tells of a failure that was not known.
bool attach(Incident& incident, const IncidentAlert& alert) {
  for (IncidentAlert& known : incident.alerts) {
    if (known.fingerprint != alert.fingerprint || known.starts_at != alert.starts_at) continue;
    known.firing = true;
    known.last_received_at = alert.last_received_at;
    return false;
  }
  if (IncidentAlert* earlier = find_alert(incident, alert.fingerprint)) earlier->firing = false;
  incident.alerts.push_back(alert);
  return true;
}

bool on(Incident& incident, const AlertFired& event, WallTime now,
        const IncidentSettings& settings) {
  const bool unknown_failure = attach(incident, event.alert);
  if (!event.group.empty()) incident.group = event.group;
  incident.lease_until = now + settings.lease;
  if (incident.state == IncidentState::waiting) {
    // It neither schedules nor hastens an attempt beyond the first; but what waits only because it
    // has not been judged since this failure began is judged now.
    if (incident.attempts.empty() || unknown_failure)
      incident.next_at = std::min(incident.next_at, now);
  } else if (incident.state == IncidentState::verifying && unknown_failure) {
    const Attempt& attempt = incident.attempts.back();
    // What a recreation has left aside is put in order by its proof's end, and not from here.
    if (attempt.seen_healthy_at && event.alert.starts_at > *attempt.acted_at &&
        !is_recreation(attempt))
      end_attempt(incident, AttemptResult::relapsed, "a new failure began after it was healthy",
                  now, settings);
  }
  return true;
}

bool on(Incident& incident, const AlertResolved& event, WallTime now, const IncidentSettings&) {
  for (IncidentAlert& alert : incident.alerts)
    if (alert.fingerprint == event.fingerprint && alert.starts_at <= event.starts_at)
      alert.firing = false;
  // Resolved is no proof of health: it cancels what waits, never a running attempt.
  if (incident.state == IncidentState::waiting && incident.newest_firing() == nullptr)
    close(incident, IncidentOutcome::withdrawn, now);
  return true;
}

bool on(Incident& incident, const Waited& event, WallTime, const IncidentSettings&) {
  if (incident.state != IncidentState::waiting) return false;
  incident.reason = event.reason;
  incident.detail = event.detail;
  incident.next_at = event.until;
  for (const IncidentAlert& alert : incident.alerts)
    if (alert.first_received_at > event.judged_at) incident.next_at = event.judged_at;
  return true;
}

bool on(Incident& incident, const AttemptStarted& event, WallTime now, const IncidentSettings&) {
  if (incident.state != IncidentState::waiting) return false;
  incident.attempts.push_back(event.attempt);
  incident.attempts.back().number = static_cast<int>(incident.attempts.size());
  incident.attempts.back().requested_at = now;
  incident.breaker_told = incident.expiry_told = false;    // what comes of it will be news
  if (is_recreation(event.attempt)) incident.owes = true;  // Docker may create late
  incident.state = IncidentState::acting;
  incident.reason = "acting";
  incident.detail.clear();
  // Left behind by a crash, it is looked at as soon as the next process is up.
  incident.next_at = now;
  return true;
}

bool on(Incident& incident, const Acted& event, WallTime now, const IncidentSettings&) {
  if (incident.state != IncidentState::acting) return false;
  Attempt& attempt = incident.attempts.back();
  attempt.acted_at = now;
  attempt.started_after = event.started_after;
  incident.state = IncidentState::verifying;
  incident.reason = "verifying";
  incident.next_at = now;
  return true;
}

bool on(Incident& incident, const SeenHealthy&, WallTime now, const IncidentSettings&) {
  if (incident.state != IncidentState::verifying) return false;
  Attempt& attempt = incident.attempts.back();
  if (!attempt.seen_healthy_at) attempt.seen_healthy_at = now;
  return true;
}

bool on(Incident& incident, const Verified&, WallTime now, const IncidentSettings& settings) {
  if (incident.state != IncidentState::verifying) return false;
  if (!incident.attempts.back().seen_healthy_at) incident.attempts.back().seen_healthy_at = now;
  end_attempt(incident, AttemptResult::verified, "", now, settings);
  close(incident, IncidentOutcome::recovered, now);
  return true;
}

bool on(Incident& incident, const Stopped&, WallTime now, const IncidentSettings& settings) {
  if (incident.state != IncidentState::acting) return false;
  incident.attempts.back().acted_at = now;
  end_attempt(incident, AttemptResult::stopped, "", now, settings);
  close(incident, IncidentOutcome::stopped, now);
  return true;
}

bool on(Incident& incident, const AttemptFailed& event, WallTime now,
        const IncidentSettings& settings) {
  if (incident.state != IncidentState::acting && incident.state != IncidentState::verifying)
    return false;
  end_attempt(incident, event.result, event.detail, now, settings);
  // What resolved while the attempt ran is withdrawn now.
  if (incident.newest_firing() == nullptr) close(incident, IncidentOutcome::withdrawn, now);
  return true;
}

bool on(Incident& incident, const LivedTooLong&, WallTime now, const IncidentSettings&) {
  if (incident.state != IncidentState::waiting) return false;
  const std::string waited_for = incident.reason;
  close(incident, IncidentOutcome::expired, now);
  incident.detail = "waited for: " + waited_for;
  return true;
}

}  // namespace

bool is_recreation(const Attempt& attempt) {
  return attempt.action == to_string(Action::recreate);
}

const IncidentAlert* Incident::newest_firing(std::string_view remediation) const {
  const IncidentAlert* newest = nullptr;
  for (const IncidentAlert& alert : alerts)
    if (alert.firing && (remediation.empty() || alert.remediation == remediation) &&
        (newest == nullptr || alert.starts_at > newest->starts_at))
      newest = &alert;
  return newest;
}

const IncidentAlert* newest_known_by(const Incident& incident, WallTime then,
                                     std::string_view remediation) {
  const IncidentAlert* newest = nullptr;
  for (const IncidentAlert& alert : incident.alerts)
    if (alert.first_received_at <= then &&
        (remediation.empty() || alert.remediation == remediation) &&
        (newest == nullptr || alert.starts_at > newest->starts_at))
      newest = &alert;
  return newest;
}

const IncidentAlert* answered_alert(const Incident& incident) {
  const Attempt& attempt = incident.attempts.back();
  const IncidentAlert* down = nullptr;
  if (attempt.action == to_string(Action::start))
    down = newest_known_by(incident, attempt.requested_at, attempt.action);
  return down != nullptr ? down : newest_known_by(incident, attempt.requested_at);
}

Incident open_incident(const std::string& host, const std::string& container,
                       const AlertFired& event, const Incident* previous, WallTime now,
                       const IncidentSettings& settings) {
  Incident incident;
  incident.host = host;
  incident.container = container;
  incident.group = event.group.empty() ? container : event.group;
  if (service_of(container)) incident.service = container;
  incident.opened_at = incident.waiting_since = incident.next_at = now;
  incident.lease_until = now + settings.lease;
  incident.reason = "accepted";
  incident.alerts.push_back(event.alert);
  if (previous != nullptr) {  // until it is judged, it is what it was
    if (!previous->service.empty()) incident.service = previous->service;
    incident.service_id = previous->service_id;
    incident.budget_per_hour = previous->budget_per_hour;
    incident.budget_per_day = previous->budget_per_day;
  }
  // What began in the future, by a clock that was set back since, begins now.
  const WallTime began = std::min(event.alert.starts_at, now);
  if (previous != nullptr && previous->closed_at &&
      began - *previous->closed_at < settings.healthy_reset) {
    incident.carried_attempts = previous->attempts_used();
    incident.escalation = previous->escalation;
    incident.last_attempt_ended_at = previous->last_attempt_ended_at;
    incident.last_attempt_seen_healthy = previous->last_attempt_seen_healthy;
    incident.breaker_told = previous->breaker_told;
    // The same failure, going on: an alert that fires for hours is an incident every ten minutes.
    incident.expiry_told = previous->expiry_told && began <= *previous->closed_at;
  }
  return incident;
}

bool apply(Incident& incident, const IncidentEvent& event, WallTime now,
           const IncidentSettings& settings) {
  if (incident.state == IncidentState::closed) return false;
  return std::visit([&](const auto& what) { return on(incident, what, now, settings); }, event);
}

bool lived_too_long(const Incident& incident, WallTime now, const IncidentSettings& settings) {
  return incident.state == IncidentState::waiting &&
         now - incident.waiting_since > settings.time_to_live;
}

Milliseconds backoff_after(int attempts_used, WallTime ended_at, const IncidentSettings& settings) {
  Milliseconds pause = settings.backoff_initial;
  for (int i = 1; i < attempts_used && pause < settings.backoff_longest; ++i) pause *= 2;
  pause = std::min(pause, settings.backoff_longest);
  // The time of its end is as good as random: its microseconds are spread over -1 to 1.
  const auto micros = std::chrono::floor<std::chrono::microseconds>(ended_at.time_since_epoch());
  const double spread = static_cast<double>(micros.count() % 2001 - 1000) / 1000;
  const double factor = 1 + spread * settings.backoff_jitter_percent / 100;
  return Milliseconds(static_cast<int64_t>(static_cast<double>(pause.count()) * factor));
}

void forgive_attempts(Incident& incident, WallTime now) {
  // The one that is under way is not over yet.
  incident.forgiven_attempts += incident.attempts_used() - (incident.attempt_under_way() ? 1 : 0);
  incident.escalation = 0;
  incident.last_attempt_ended_at.reset();
  incident.breaker_told = incident.expiry_told = false;
  if (incident.state == IncidentState::waiting) incident.next_at = incident.waiting_since = now;
}

}  // namespace selfheal
