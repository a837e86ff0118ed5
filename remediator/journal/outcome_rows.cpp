// The outbox: outcomes as rows.
#include "remediator/journal/journal_rows.h"
#include "remediator/journal/row_bounds.h"

namespace selfheal {
namespace {

#define SELFHEAL_OUTCOME_COLUMNS                                                         \
  "SELECT outcome.id, incident_id, attempt, outcome.outcome, happened_at, summary, "     \
  "description, outcome.reason, attempts, told_at, given_up_at, host, "                  \
  "coalesce(nullif(subject, ''), nullif(service, ''), container), container_group FROM " \
  "outcome JOIN incident ON incident.id = incident_id "

// An expiry is its container's own. Of a breaker, what was told of a service was told for all that
// it is updated for.
#define SELFHEAL_OF_CONTAINER "theirs.container = incident.container"
#define SELFHEAL_OF_SUBJECT \
  "(" SELFHEAL_OF_CONTAINER " OR (incident.service != '' AND theirs.service = incident.service))"

// Of an incident that is its container's last: nobody was or will be told of the last outcome of
// that kind.
#define SELFHEAL_LAST_GIVEN_UP(kind, of_same)                                                   \
  "id IN (SELECT max(id) FROM incident GROUP BY host, container) AND NOT coalesce(("            \
  "SELECT given_up_at IS NULL FROM outcome JOIN incident AS theirs ON theirs.id = incident_id " \
  "WHERE theirs.host = incident.host AND " of_same " AND outcome.outcome = '" kind              \
  "' ORDER BY outcome.id DESC LIMIT 1), 0)"

constexpr const char* kTellBreakerAnew =
    "UPDATE incident SET breaker_told = 0 "
    "WHERE breaker_told AND " SELFHEAL_LAST_GIVEN_UP("breaker_open", SELFHEAL_OF_SUBJECT);
constexpr const char* kTellExpiryAnew =
    "UPDATE incident SET expiry_told = 0 "
    "WHERE expiry_told AND " SELFHEAL_LAST_GIVEN_UP("expired", SELFHEAL_OF_CONTAINER);

}  // namespace

OutcomeRow JournalReader::read_outcome(SqliteQuery& row) {
  OutcomeRow outcome;
  outcome.id = row.integer();
  outcome.message.incident = row.integer();
  outcome.message.attempt = count_of(row.integer());
  outcome.message.kind = parse_outcome_kind(row.text()).value_or(OutcomeKind::failed);
  outcome.message.happened_at = row.time();
  outcome.message.summary = row.text();
  outcome.message.description = row.text();
  outcome.message.reason = row.text();
  outcome.message.attempts = row.text();
  outcome.told_at = row.optional_time();
  outcome.given_up_at = row.optional_time();
  outcome.message.host = row.text();
  outcome.message.container = row.text();
  outcome.message.group = row.text();
  return outcome;
}

std::vector<OutcomeRow> JournalReader::untold_outcomes(int limit) {
  SqliteQuery query = connection_.query(SELFHEAL_OUTCOME_COLUMNS
                                        "WHERE told_at IS NULL AND given_up_at IS NULL "
                                        "ORDER BY outcome.id LIMIT ?");
  query.bind(limit);
  std::vector<OutcomeRow> all;
  while (query.step()) all.push_back(read_outcome(query));
  return all;
}

std::vector<OutcomeRow> JournalReader::outcomes(int64_t incident_id) {
  SqliteQuery query =
      connection_.query(SELFHEAL_OUTCOME_COLUMNS "WHERE incident_id = ? ORDER BY outcome.id");
  query.bind(incident_id);
  std::vector<OutcomeRow> all;
  while (query.step()) all.push_back(read_outcome(query));
  return all;
}

void JournalWriter::add_outcome(const OutcomeMessage& message,
                                std::optional<WallTime> given_up_at) {
  SqliteQuery query = connection_.query(
      "INSERT INTO outcome (incident_id, attempt, outcome, happened_at, summary, description, "
      "reason, attempts, given_up_at, subject) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
      "ON CONFLICT DO UPDATE SET happened_at = excluded.happened_at, "
      "summary = excluded.summary, description = excluded.description, "
      "reason = excluded.reason, attempts = excluded.attempts, subject = excluded.subject, "
      "given_up_at = excluded.given_up_at WHERE outcome.given_up_at IS NOT NULL");
  query.bind(message.incident).bind(message.attempt).bind(to_string(message.kind));
  query.bind(message.happened_at).bind(message.summary).bind(message.description);
  query.bind(message.reason).bind(message.attempts).bind(given_up_at);
  query.bind(message.container).run();
}

void JournalWriter::outcome_told(int64_t id, WallTime at) {
  SqliteQuery query = connection_.query("UPDATE outcome SET told_at = ? WHERE id = ?");
  query.bind(at).bind(id).run();
}

void JournalWriter::outcome_given_up(int64_t id, WallTime at) {
  SqliteQuery query = connection_.query("UPDATE outcome SET given_up_at = ? WHERE id = ?");
  query.bind(at).bind(id).run();
  tell_anew();
}

void JournalWriter::tell_anew() {
  connection_.query(kTellBreakerAnew).run();
  connection_.query(kTellExpiryAnew).run();
}

}  // namespace selfheal
