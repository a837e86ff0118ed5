// What was seen before attempts: evidence as rows.
#include "remediator/journal/journal_rows.h"
#include "remediator/journal/row_bounds.h"

namespace selfheal {

std::vector<EvidenceRow> JournalReader::evidence(int64_t incident_id) {
  SqliteQuery query = connection_.query(
      "SELECT attempt, collected_at, content FROM evidence WHERE incident_id = ? "
      "ORDER BY attempt");
  query.bind(incident_id);
  std::vector<EvidenceRow> all;
  while (query.step()) {
    const int attempt = count_of(query.integer());
    const WallTime collected_at = query.time();
    all.push_back({attempt, collected_at, query.text()});
  }
  return all;
}

void JournalWriter::add_evidence(int64_t incident_id, const EvidenceRow& row) {
  SqliteQuery query = connection_.query(
      "INSERT OR REPLACE INTO evidence (incident_id, attempt, collected_at, content) "
      "VALUES (?, ?, ?, ?)");
  query.bind(incident_id).bind(row.attempt).bind(row.collected_at).bind(row.content).run();
}

}  // namespace selfheal
