#include "remediator/journal/retention_rows.h"

namespace selfheal {
namespace {

constexpr const char* kRemovable =
    "SELECT id FROM incident WHERE state = 'closed' AND owes = 0 AND closed_at <= ?1 "
    "AND id < (SELECT max(id) FROM incident) "
    "AND NOT (closed_at > ?2 AND NOT EXISTS (SELECT 1 FROM incident AS later "
    "WHERE later.host = incident.host AND later.container = incident.container "
    "AND later.id > incident.id)) "
    "AND NOT EXISTS (SELECT 1 FROM attempt "
    "WHERE attempt.incident_id = incident.id AND requested_at > ?2) "
    "AND NOT EXISTS (SELECT 1 FROM outcome WHERE outcome.incident_id = incident.id "
    "AND told_at IS NULL AND given_up_at IS NULL) "
    "AND NOT EXISTS (SELECT 1 FROM outcome JOIN incident AS last ON last.host = incident.host "
    "AND (last.container = incident.container AND (outcome.outcome = 'breaker_open' "
    "AND last.breaker_told OR outcome.outcome = 'expired' AND last.expiry_told) "
    "OR incident.service != '' AND last.service = incident.service "
    "AND outcome.outcome = 'breaker_open' AND last.breaker_told) "
    "WHERE outcome.incident_id = incident.id "
    "AND (last.state != 'closed' OR last.closed_at > ?2) "
    "AND NOT EXISTS (SELECT 1 FROM incident AS later WHERE later.host = last.host "
    "AND later.container = last.container AND later.id > last.id)) "
    "ORDER BY closed_at LIMIT ?3";

}  // namespace

std::vector<int64_t> RetentionRows::removable(WallTime closed_until, WallTime counts_since,
                                              int limit) {
  SqliteQuery query = connection_.query(kRemovable);
  query.bind(closed_until).bind(counts_since).bind(limit);
  std::vector<int64_t> ids;
  while (query.step()) ids.push_back(query.integer());
  return ids;
}

void RetentionRows::remove_incident(int64_t id) {
  connection_.query("DELETE FROM incident WHERE id = ?").bind(id).run();
}

void RetentionRows::remove_pauses(WallTime ended_until) {
  connection_.query("DELETE FROM pause WHERE coalesce(ended_at, ends_at) <= ?")
      .bind(ended_until)
      .run();
}

void RetentionRows::remove_resets(WallTime reset_until) {
  connection_
      .query(
          "DELETE FROM reset WHERE reset_at <= ? AND NOT EXISTS (SELECT 1 FROM incident "
          "WHERE incident.host = reset.host AND incident.container = reset.container)")
      .bind(reset_until)
      .run();
}

int64_t RetentionRows::bytes_in_use() {
  const int64_t pages = connection_.number("PRAGMA page_count");
  return (pages - connection_.number("PRAGMA freelist_count")) *
         connection_.number("PRAGMA page_size");
}

int64_t RetentionRows::bytes_free() {
  return connection_.number("PRAGMA freelist_count") * connection_.number("PRAGMA page_size");
}

void RetentionRows::give_back(int pages) {
  connection_.execute("PRAGMA incremental_vacuum(" + std::to_string(pages) + ")");
}

}  // namespace selfheal
