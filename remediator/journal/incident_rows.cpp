// An incident with its alerts and attempts, from its rows and into them.
#include "remediator/journal/incident_columns.h"
#include "remediator/journal/journal_rows.h"
#include "remediator/journal/row_bounds.h"

namespace selfheal {
namespace {

// A flapping alert brings a row each time; what is decided hangs on the newest.
constexpr int kAlertsRead = 32;

}  // namespace

Incident JournalReader::read_row(SqliteQuery& row) {
  Incident incident;
  incident.id = row.integer();
  incident.host = row.text();
  incident.container = row.text();
  incident.group = row.text();
  incident.state = parse_incident_state(row.text()).value_or(IncidentState::closed);
  incident.outcome = parse_incident_outcome(row.text()).value_or(IncidentOutcome::none);
  incident.opened_at = row.time();
  incident.closed_at = row.optional_time();
  incident.lease_until = row.time();
  incident.waiting_since = row.time();
  incident.next_at = row.time();
  incident.carried_attempts = count_of(row.integer());
  incident.forgiven_attempts = count_of(row.integer());
  incident.escalation = count_of(row.integer());
  incident.last_attempt_ended_at = row.optional_time();
  incident.last_attempt_seen_healthy = row.integer() != 0;
  incident.breaker_told = row.integer() != 0;
  incident.expiry_told = row.integer() != 0;
  incident.reason = row.text();
  incident.detail = row.text();
  incident.service = row.text();
  incident.service_id = row.text();
  incident.budget_per_hour = count_of(row.integer());
  incident.budget_per_day = count_of(row.integer());
  incident.owes = row.integer() != 0;
  return incident;
}

void JournalReader::read_alerts(Incident& incident) {
  SqliteQuery query = connection_.query(
      "SELECT fingerprint, starts_at, alertname, remediation, firing, first_received_at, "
      "last_received_at FROM (SELECT * FROM alert WHERE incident_id = ? "
      "ORDER BY firing DESC, last_received_at DESC LIMIT ?) ORDER BY first_received_at");
  query.bind(incident.id).bind(kAlertsRead);
  while (query.step()) {
    IncidentAlert alert;
    alert.fingerprint = query.text();
    alert.starts_at = query.time();
    alert.alertname = query.text();
    alert.remediation = query.text();
    alert.firing = query.integer() != 0;
    alert.first_received_at = query.time();
    alert.last_received_at = query.time();
    incident.alerts.push_back(std::move(alert));
  }
}

void JournalReader::read_attempts(Incident& incident) {
  SqliteQuery query = connection_.query(
      "SELECT number, action, container_id, started_before, stop_timeout_seconds, requested_at, "
      "acted_at, started_after, seen_healthy_at, ended_at, result, detail, command, "
      "verify_within_ms FROM attempt "
      "WHERE incident_id = ? ORDER BY number");
  query.bind(incident.id);
  while (query.step()) {
    Attempt attempt;
    attempt.number = count_of(query.integer());
    attempt.action = query.text();
    attempt.container_id = query.text();
    attempt.started_before = query.optional_time();
    attempt.stop_timeout = seconds_of(query.integer());
    attempt.requested_at = query.time();
    attempt.acted_at = query.optional_time();
    attempt.started_after = query.optional_time();
    attempt.seen_healthy_at = query.optional_time();
    attempt.ended_at = query.optional_time();
    attempt.result = parse_attempt_result(query.text()).value_or(AttemptResult::none);
    attempt.detail = query.text();
    attempt.command = query.text();
    if (const int64_t within = query.integer())
      attempt.verify_within = duration_of(Milliseconds(within));
    incident.attempts.push_back(std::move(attempt));
  }
}

std::vector<Incident> JournalReader::read_all(SqliteQuery&& query) {
  std::vector<Incident> all;
  while (query.step()) all.push_back(read_row(query));
  for (Incident& incident : all) {
    read_alerts(incident);
    read_attempts(incident);
  }
  return all;
}

std::optional<Incident> JournalReader::read_one(SqliteQuery&& query) {
  std::vector<Incident> all = read_all(std::move(query));
  if (all.empty()) return std::nullopt;
  return std::move(all.front());
}

void JournalWriter::save(Incident& incident) {
  if (incident.id == 0) {
    SqliteQuery next = connection_.query("SELECT coalesce(max(id), 0) + 1 FROM incident");
    next.step();
    incident.id = next.integer();
  }
  save_row(incident);
  save_alerts(incident);
  save_attempts(incident);
}

void JournalWriter::save_row(const Incident& incident) {
  SqliteQuery row = connection_.query(
      "INSERT INTO incident (" SELFHEAL_INCIDENT_COLUMNS
      ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
      "ON CONFLICT (id) DO UPDATE SET container_group = excluded.container_group, "
      "state = excluded.state, outcome = excluded.outcome, "
      "closed_at = excluded.closed_at, lease_until = excluded.lease_until, "
      "waiting_since = excluded.waiting_since, next_at = excluded.next_at, "
      "carried_attempts = excluded.carried_attempts, "
      "forgiven_attempts = excluded.forgiven_attempts, escalation = excluded.escalation, "
      "last_attempt_ended_at = excluded.last_attempt_ended_at, "
      "last_attempt_seen_healthy = excluded.last_attempt_seen_healthy, "
      "breaker_told = excluded.breaker_told, expiry_told = excluded.expiry_told, "
      "reason = excluded.reason, detail = excluded.detail, service = excluded.service, "
      "service_id = excluded.service_id, budget_per_hour = excluded.budget_per_hour, "
      "budget_per_day = excluded.budget_per_day, owes = excluded.owes");
  row.bind(incident.id).bind(incident.host).bind(incident.container).bind(incident.group);
  row.bind(to_string(incident.state)).bind(to_string(incident.outcome)).bind(incident.opened_at);
  row.bind(incident.closed_at).bind(incident.lease_until).bind(incident.waiting_since);
  row.bind(incident.next_at).bind(incident.carried_attempts);
  row.bind(incident.forgiven_attempts).bind(incident.escalation);
  row.bind(incident.last_attempt_ended_at)
      .bind(incident.last_attempt_seen_healthy)
      .bind(incident.breaker_told);
  row.bind(incident.expiry_told).bind(incident.reason).bind(incident.detail);
  row.bind(incident.service).bind(incident.service_id);
  row.bind(incident.budget_per_hour).bind(incident.budget_per_day).bind(incident.owes);
  row.run();
}

void JournalWriter::save_alerts(const Incident& incident) {
  for (const IncidentAlert& alert : incident.alerts) {
    SqliteQuery query = connection_.query(
        "INSERT INTO alert VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET firing = excluded.firing, "
        "last_received_at = excluded.last_received_at");
    query.bind(incident.id).bind(alert.fingerprint).bind(alert.starts_at).bind(alert.alertname);
    query.bind(alert.remediation).bind(alert.firing).bind(alert.first_received_at);
    query.bind(alert.last_received_at).run();
  }
}

void JournalWriter::save_attempts(const Incident& incident) {
  for (const Attempt& attempt : incident.attempts) {
    SqliteQuery query = connection_.query(
        "INSERT OR REPLACE INTO attempt VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    query.bind(incident.id).bind(attempt.number).bind(attempt.action).bind(attempt.container_id);
    query.bind(attempt.started_before).bind(int64_t{attempt.stop_timeout.count()});
    query.bind(attempt.requested_at).bind(attempt.acted_at).bind(attempt.started_after);
    query.bind(attempt.seen_healthy_at).bind(attempt.ended_at);
    query.bind(to_string(attempt.result)).bind(attempt.detail).bind(attempt.command);
    query.bind(int64_t{attempt.verify_within.value_or(Milliseconds(0)).count()}).run();
  }
}

}  // namespace selfheal
