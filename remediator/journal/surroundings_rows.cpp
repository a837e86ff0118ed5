// What a decision on one container has to know of the others, and of what was done before.
#include <algorithm>

#include "remediator/journal/journal_rows.h"
#include "remediator/journal/row_bounds.h"

namespace selfheal {
namespace {

// Nothing is forgiven where nobody said so.
#define SELFHEAL_SINCE_RESET                                               \
  "coalesce((SELECT reset_at FROM reset WHERE reset.host = incident.host " \
  "AND reset.container = incident.container), 0)"

std::vector<WallTime> read_times(SqliteQuery&& query) {
  std::vector<WallTime> times;
  while (query.step()) times.push_back(query.time());
  return times;
}

}  // namespace

std::vector<AttemptUnderWay> JournalReader::attempts_under_way() {
  SqliteQuery query = connection_.query(
      "SELECT host, container_group, container, requested_at, acted_at, stop_timeout_seconds "
      "FROM attempt JOIN incident ON incident.id = incident_id "
      "WHERE ended_at IS NULL AND seen_healthy_at IS NULL");
  std::vector<AttemptUnderWay> all;
  while (query.step()) {
    AttemptUnderWay attempt;
    attempt.host = query.text();
    attempt.group = query.text();
    attempt.container = query.text();
    attempt.requested_at = query.time();
    attempt.acted_at = query.optional_time();
    attempt.stop_timeout = seconds_of(query.integer());
    all.push_back(std::move(attempt));
  }
  return all;
}

std::vector<WallTime> JournalReader::attempts_of_container(const std::string& host,
                                                           const std::string& container,
                                                           WallTime since) {
  // By the container's few incidents, not by the many attempts of a day: CROSS JOIN keeps the
  // order.
  SqliteQuery query = connection_.query(
      "SELECT requested_at FROM incident CROSS JOIN attempt ON incident_id = incident.id "
      "WHERE host = ? AND container = ? AND requested_at > ? "
      "AND requested_at > " SELFHEAL_SINCE_RESET " ORDER BY requested_at");
  query.bind(host).bind(container).bind(since);
  return read_times(std::move(query));
}

std::vector<AttemptSpan> JournalReader::attempts_on_service(const std::string& host,
                                                            const std::string& target,
                                                            const std::string& service_id,
                                                            WallTime since) {
  SqliteQuery query = connection_.query(
      "SELECT requested_at, ended_at, seen_healthy_at FROM attempt "
      "WHERE requested_at > ? AND container_id = ? AND requested_at > coalesce("
      "(SELECT reset_at FROM reset WHERE host = ? AND container = ?), 0) ORDER BY requested_at");
  query.bind(since).bind(service_id).bind(host).bind(target);
  std::vector<AttemptSpan> all;
  while (query.step()) {
    AttemptSpan span;
    span.requested_at = query.time();
    span.ended_at = query.optional_time();
    span.seen_healthy = query.optional_time().has_value();
    all.push_back(span);
  }
  return all;
}

std::vector<WallTime> JournalReader::attempts_of_host(const std::string& host, WallTime since) {
  // By the few attempts of an hour, not by all incidents that the host ever had, which SQLite would
  // choose: it is asked for every judgement.
  SqliteQuery query = connection_.query(
      "SELECT requested_at FROM attempt CROSS JOIN incident ON incident.id = incident_id "
      "WHERE requested_at > ? AND host = ? ORDER BY requested_at");
  query.bind(since).bind(host);
  return read_times(std::move(query));
}

std::vector<AttemptCount> JournalReader::attempt_counts(WallTime closed_after, WallTime now) {
  SqliteQuery query = connection_.query(
      "SELECT host, container, state, outcome, closed_at, "
      "carried_attempts - forgiven_attempts + "
      "(SELECT count(*) FROM attempt WHERE incident_id = recent.id), "
      "coalesce(within_hour, 0), coalesce(within_day, 0) FROM ("
      "SELECT * FROM incident WHERE state != 'closed' UNION ALL "
      "SELECT * FROM incident WHERE state = 'closed' AND closed_at > ?) AS recent LEFT JOIN ("
      "SELECT host, container, sum(requested_at > ?) AS within_hour, count(*) AS within_day "
      "FROM attempt JOIN incident ON incident.id = incident_id WHERE requested_at > ? "
      "AND requested_at > " SELFHEAL_SINCE_RESET
      " GROUP BY host, container) "
      "USING (host, container) "
      "WHERE NOT EXISTS (SELECT 1 FROM incident AS later WHERE later.host = recent.host "
      "AND later.container = recent.container AND later.id > recent.id)");
  query.bind(closed_after).bind(now - kBudgetHour).bind(now - kBudgetDay);
  std::vector<AttemptCount> all;
  while (query.step()) {
    AttemptCount count;
    count.host = query.text();
    count.container = query.text();
    count.state = parse_incident_state(query.text()).value_or(IncidentState::closed);
    count.outcome = parse_incident_outcome(query.text()).value_or(IncidentOutcome::none);
    count.closed_at = query.optional_time();
    count.attempts_used = count_of(query.integer());
    count.attempts_within_hour = count_of(query.integer());
    count.attempts_within_day = count_of(query.integer());
    all.push_back(std::move(count));
  }
  return all;
}

Surroundings JournalReader::surroundings(const Incident& incident, WallTime now) {
  Surroundings around;
  around.under_way = attempts_under_way();
  around.attempts_of_container =
      attempts_of_container(incident.host, incident.container, now - kBudgetDay);
  around.attempts_of_host = attempts_of_host(incident.host, now - kBudgetHour);
  for (Pause& pause : pauses(now))
    if (covers(pause.target, incident.host, incident.group, incident.container))
      around.pauses.push_back(std::move(pause));
  return around;
}

}  // namespace selfheal
