// Incidents asked for in many ways, the work queue, and decisions.
#include "remediator/journal/journal_rows.h"

#include "remediator/journal/incident_columns.h"

namespace selfheal {

std::optional<Incident> JournalReader::incident(int64_t id) {
  SqliteQuery query = connection_.query(SELFHEAL_SELECT_INCIDENT "WHERE id = ?");
  query.bind(id);
  return read_one(std::move(query));
}

std::optional<Incident> JournalReader::open_incident(const std::string& host,
                                                     const std::string& container) {
  SqliteQuery query = connection_.query(SELFHEAL_SELECT_INCIDENT
                                        "WHERE host = ? AND container = ? AND state != 'closed'");
  query.bind(host).bind(container);
  return read_one(std::move(query));
}

std::optional<Incident> JournalReader::last_incident(const std::string& host,
                                                     const std::string& container,
                                                     WallTime before) {
  SqliteQuery query = connection_.query(SELFHEAL_SELECT_INCIDENT
                                        "WHERE host = ? AND container = ? AND opened_at < ? "
                                        "ORDER BY id DESC LIMIT 1");
  query.bind(host).bind(container).bind(before);
  return read_one(std::move(query));
}

std::vector<Incident> JournalReader::open_incidents() {
  return read_all(
      connection_.query(SELFHEAL_SELECT_INCIDENT "WHERE state != 'closed' ORDER BY next_at"));
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
      connection_.query(SELFHEAL_SELECT_INCIDENT
                        "WHERE (?1 = '' OR container = ?1 OR service = ?1) "
                        "AND (?2 = '' OR state = ?2 OR (?2 = 'open' AND state != 'closed')) "
                        "AND opened_at >= ?3 ORDER BY id DESC LIMIT ?4");
  query.bind(filter.container).bind(filter.state).bind(filter.since.value_or(WallTime{}));
  query.bind(filter.limit);
  return read_all(std::move(query));
}

std::vector<Incident> JournalReader::incidents_alive_since(WallTime since, int limit) {
  SqliteQuery query = connection_.query(SELFHEAL_SELECT_INCIDENT
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
      SELFHEAL_SELECT_INCIDENT
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
      SELFHEAL_SELECT_INCIDENT
      "AS recent WHERE host = ? AND (service = ? OR container = ?) "
      "AND (state != 'closed' OR closed_at > ?) "
      "AND NOT EXISTS (SELECT 1 FROM incident AS later WHERE later.host = recent.host "
      "AND later.container = recent.container AND later.id > recent.id) ORDER BY id");
  query.bind(host).bind(target).bind(target).bind(closed_after);
  return read_all(std::move(query));
}

std::optional<Incident> JournalReader::first_incident_since(const std::string& host,
                                                            const std::string& container,
                                                            WallTime at) {
  SqliteQuery query =
      connection_.query(SELFHEAL_SELECT_INCIDENT
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

void JournalWriter::add_decision(int64_t incident_id, const DecisionRow& decision) {
  SqliteQuery query = connection_.query(
      "INSERT INTO decision (incident_id, decided_at, verdict, reason, detail, facts) "
      "VALUES (?, ?, ?, ?, ?, ?)");
  query.bind(incident_id).bind(decision.decided_at).bind(decision.verdict).bind(decision.reason);
  query.bind(decision.detail).bind(decision.facts).run();
}

}  // namespace selfheal
