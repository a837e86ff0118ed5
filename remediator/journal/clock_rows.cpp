// The journal's own times, moved along with a clock that was set. What others have told, Docker's
// starts and Prometheus' starts_at, stays: it is compared with what they tell again.
#include <array>

#include "remediator/journal/journal_rows.h"

namespace selfheal {
namespace {

#define SELFHEAL_OF_MOVED_INCIDENTS \
  " WHERE incident_id IN (SELECT id FROM incident WHERE state != 'closed' OR closed_at > ?2)"

// The incidents come last, since the others are found by them.
constexpr std::array kMoves{
    "UPDATE alert SET first_received_at = first_received_at + ?1, "
    "last_received_at = last_received_at + ?1" SELFHEAL_OF_MOVED_INCIDENTS,
    "UPDATE attempt SET requested_at = requested_at + ?1, acted_at = acted_at + ?1, "
    "seen_healthy_at = seen_healthy_at + ?1, "
    "ended_at = ended_at + ?1" SELFHEAL_OF_MOVED_INCIDENTS,
    "UPDATE decision SET decided_at = decided_at + ?1" SELFHEAL_OF_MOVED_INCIDENTS,
    "UPDATE evidence SET collected_at = collected_at + ?1" SELFHEAL_OF_MOVED_INCIDENTS,
    "UPDATE outcome SET happened_at = happened_at + ?1, told_at = told_at + ?1, "
    "given_up_at = given_up_at + ?1" SELFHEAL_OF_MOVED_INCIDENTS,
    "UPDATE incident SET opened_at = opened_at + ?1, closed_at = closed_at + ?1, "
    "lease_until = lease_until + ?1, waiting_since = waiting_since + ?1, "
    "next_at = next_at + ?1, last_attempt_ended_at = last_attempt_ended_at + ?1 "
    "WHERE state != 'closed' OR closed_at > ?2",
    "UPDATE pause SET began_at = began_at + ?1, ends_at = ends_at + ?1, ended_at = ended_at + ?1 "
    "WHERE ended_at IS NULL OR ended_at > ?2",
    "UPDATE reset SET reset_at = reset_at + ?1 WHERE reset_at > ?2",
    "UPDATE watchdog SET last_seen_at = last_seen_at + ?1 WHERE last_seen_at > ?2"};

}  // namespace

void JournalWriter::move_times(std::chrono::nanoseconds by, WallTime since) {
  for (const char* move : kMoves) {
    SqliteQuery query = connection_.query(move);
    query.bind(int64_t{by.count()}).bind(since).run();
  }
}

std::optional<WallTime> JournalReader::last_word() {
  SqliteQuery query = connection_.query(
      "SELECT max(at) FROM (SELECT max(last_seen_at) AS at FROM watchdog "
      "UNION ALL SELECT max(closed_at) FROM incident WHERE state = 'closed' "
      "UNION ALL SELECT max(waiting_since) FROM incident WHERE state != 'closed' "
      "UNION ALL SELECT max(requested_at) FROM attempt "
      "UNION ALL SELECT max(last_received_at) FROM alert JOIN incident "
      "ON incident.id = incident_id WHERE state != 'closed' "
      "UNION ALL SELECT decided_at FROM decision WHERE id = (SELECT max(id) FROM decision))");
  query.step();
  return query.optional_time();
}

}  // namespace selfheal
