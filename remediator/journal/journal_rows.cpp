#include "remediator/journal/journal_rows.h"

#include "remediator/journal/row_bounds.h"

namespace selfheal {
namespace {

#define SELFHEAL_INCIDENT_COLUMNS                                                          \
  "SELECT id, host, container, container_group, state, outcome, opened_at, closed_at, "    \
  "lease_until, waiting_since, next_at, carried_attempts, forgiven_attempts, escalation, " \
  "last_attempt_ended_at, "                                                                \
  "last_attempt_seen_healthy, breaker_told, expiry_told, reason, detail, service, "        \
  "service_id, budget_per_hour, budget_per_day, owes FROM incident "

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

std::optional<Incident> JournalReader::incident(int64_t id) {
  SqliteQuery query = connection_.query(SELFHEAL_INCIDENT_COLUMNS "WHERE id = ?");
  query.bind(id);
  return read_one(std::move(query));
}

std::optional<Incident> JournalReader::open_incident(const std::string& host,
                                                     const std::string& container) {
  SqliteQuery query = connection_.query(SELFHEAL_INCIDENT_COLUMNS
                                        "WHERE host = ? AND container = ? AND state != 'closed'");
  query.bind(host).bind(container);
  return read_one(std::move(query));
}

std::optional<Incident> JournalReader::last_incident(const std::string& host,
                                                     const std::string& container) {
  SqliteQuery query = connection_.query(
      SELFHEAL_INCIDENT_COLUMNS "WHERE host = ? AND container = ? ORDER BY id DESC LIMIT 1");
  query.bind(host).bind(container);
  return read_one(std::move(query));
}

std::vector<Incident> JournalReader::open_incidents() {
  return read_all(
      connection_.query(SELFHEAL_INCIDENT_COLUMNS "WHERE state != 'closed' ORDER BY next_at"));
}

std::vector<DueRow> JournalReader::queue(int limit, const DueRow& behind) {
  // Two halves, since one condition with OR would read all incidents instead of two indexes.
  SqliteQuery query = connection_.query(
      "SELECT id, next_at, host FROM incident "
      "WHERE state != 'closed' AND (next_at, id) > (?1, ?2) "
      "UNION ALL SELECT id, next_at, host FROM incident "
      "WHERE state = 'closed' AND owes != 0 AND (next_at, id) > (?1, ?2) "
      "ORDER BY next_at, id LIMIT ?3");
  query.bind(behind.next_at).bind(behind.incident_id).bind(limit);
  std::vector<DueRow> rows;
  while (query.step()) {
    const int64_t id = query.integer();
    const WallTime next_at = query.time();
    rows.push_back({id, next_at, query.text()});
  }
  return rows;
}

std::vector<Incident> JournalReader::incidents(const IncidentFilter& filter) {
  SqliteQuery query =
      connection_.query(SELFHEAL_INCIDENT_COLUMNS
                        "WHERE (?1 = '' OR container = ?1 OR service = ?1) "
                        "AND (?2 = '' OR state = ?2 OR (?2 = 'open' AND state != 'closed')) "
                        "AND opened_at >= ?3 ORDER BY id DESC LIMIT ?4");
  query.bind(filter.container).bind(filter.state).bind(filter.since.value_or(WallTime{}));
  query.bind(filter.limit);
  return read_all(std::move(query));
}

std::vector<Incident> JournalReader::incidents_alive_since(WallTime since, int limit) {
  SqliteQuery query = connection_.query(SELFHEAL_INCIDENT_COLUMNS
                                        "WHERE state != 'closed' OR closed_at > ?1 "
                                        "ORDER BY id DESC LIMIT ?2");
  query.bind(since).bind(limit);
  return read_all(std::move(query));
}

std::vector<DecisionRow> JournalReader::decisions(int64_t incident_id) {
  SqliteQuery query = connection_.query(
      "SELECT decided_at, verdict, reason, detail, facts FROM decision WHERE incident_id = ? "
      "ORDER BY id");
  query.bind(incident_id);
  std::vector<DecisionRow> all;
  while (query.step()) {
    const WallTime at = query.time();
    std::string verdict = query.text(), reason = query.text(), detail = query.text();
    all.push_back({at, std::move(verdict), std::move(reason), std::move(detail), query.text()});
  }
  return all;
}

std::vector<Incident> JournalReader::last_incidents(WallTime closed_after) {
  SqliteQuery query = connection_.query(
      SELFHEAL_INCIDENT_COLUMNS
      "AS recent WHERE (state != 'closed' OR closed_at > ?) "
      "AND NOT EXISTS (SELECT 1 FROM incident AS later WHERE later.host = recent.host "
      "AND later.container = recent.container AND later.id > recent.id) ORDER BY host, container");
  query.bind(closed_after);
  return read_all(std::move(query));
}

std::vector<Incident> JournalReader::last_incidents_of_service(const std::string& host,
                                                               const std::string& target,
                                                               WallTime closed_after) {
  SqliteQuery query = connection_.query(
      SELFHEAL_INCIDENT_COLUMNS
      "AS recent WHERE host = ? AND (service = ? OR container = ?) "
      "AND (state != 'closed' OR closed_at > ?) "
      "AND NOT EXISTS (SELECT 1 FROM incident AS later WHERE later.host = recent.host "
      "AND later.container = recent.container AND later.id > recent.id) ORDER BY id");
  query.bind(host).bind(target).bind(target).bind(closed_after);
  return read_all(std::move(query));
}

std::optional<Incident> JournalReader::last_incident_before(const std::string& host,
                                                            const std::string& container,
                                                            WallTime at) {
  SqliteQuery query = connection_.query(SELFHEAL_INCIDENT_COLUMNS
                                        "WHERE host = ? AND container = ? AND opened_at < ? "
                                        "ORDER BY id DESC LIMIT 1");
  query.bind(host).bind(container).bind(at);
  return read_one(std::move(query));
}

std::optional<Incident> JournalReader::first_incident_since(const std::string& host,
                                                            const std::string& container,
                                                            WallTime at) {
  SqliteQuery query =
      connection_.query(SELFHEAL_INCIDENT_COLUMNS
                        "WHERE host = ? AND container = ? AND opened_at >= ? ORDER BY id LIMIT 1");
  query.bind(host).bind(container).bind(at);
  return read_one(std::move(query));
}

bool JournalReader::already_recovered(const std::string& fingerprint, WallTime starts_at,
                                      WallTime before) {
  SqliteQuery query = connection_.query(
      "SELECT 1 FROM alert JOIN incident ON incident.id = alert.incident_id "
      "WHERE fingerprint = ? AND starts_at = ? AND outcome = 'recovered' AND closed_at < ? "
      "AND min(starts_at, first_received_at) <= (SELECT max(acted_at) FROM attempt WHERE "
      "incident_id = incident.id) "
      "LIMIT 1");
  query.bind(fingerprint).bind(starts_at).bind(before);
  return query.step();
}

void JournalWriter::save(Incident& incident) {
  if (incident.id == 0) {
    SqliteQuery next = connection_.query("SELECT coalesce(max(id), 0) + 1 FROM incident");
    next.step();
    incident.id = next.integer();
  }
  SqliteQuery row = connection_.query(
      "INSERT INTO incident (id, host, container, container_group, state, outcome, opened_at, "
      "closed_at, lease_until, waiting_since, next_at, carried_attempts, forgiven_attempts, "
      "escalation, last_attempt_ended_at, last_attempt_seen_healthy, breaker_told, expiry_told, "
      "reason, detail, service, service_id, budget_per_hour, budget_per_day, owes) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
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
  row.bind(incident.forgiven_attempts)
      .bind(incident.escalation)
      .bind(incident.last_attempt_ended_at);
  row.bind(incident.last_attempt_seen_healthy).bind(incident.breaker_told);
  row.bind(incident.expiry_told).bind(incident.reason).bind(incident.detail);
  row.bind(incident.service).bind(incident.service_id);
  row.bind(incident.budget_per_hour).bind(incident.budget_per_day).bind(incident.owes);
  row.run();
  for (const IncidentAlert& alert : incident.alerts) {
    SqliteQuery query = connection_.query(
        "INSERT INTO alert VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET firing = excluded.firing, "
        "last_received_at = excluded.last_received_at");
    query.bind(incident.id).bind(alert.fingerprint).bind(alert.starts_at).bind(alert.alertname);
    query.bind(alert.remediation).bind(alert.firing).bind(alert.first_received_at);
    query.bind(alert.last_received_at).run();
  }
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

void JournalWriter::add_decision(int64_t incident_id, const DecisionRow& decision) {
  SqliteQuery query = connection_.query(
      "INSERT INTO decision (incident_id, decided_at, verdict, reason, detail, facts) "
      "VALUES (?, ?, ?, ?, ?, ?)");
  query.bind(incident_id).bind(decision.decided_at).bind(decision.verdict).bind(decision.reason);
  query.bind(decision.detail).bind(decision.facts).run();
}

}  // namespace selfheal
