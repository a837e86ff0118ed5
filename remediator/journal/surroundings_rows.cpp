// What a decision on one container has to know of the others, and of what was done before.
#include <algorithm>

#include "remediator/journal/journal_rows.h"

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
    attempt.stop_timeout = std::chrono::seconds(query.integer());
    all.push_back(std::move(attempt));
  }
  return all;
}

std::vector<WallTime> JournalReader::attempts_of_container(const std::string& host,
                                                           const std::string& container,
                                                           WallTime since) {
  SqliteQuery query = connection_.query(
      "SELECT requested_at FROM attempt JOIN incident ON incident.id = incident_id "
      "WHERE requested_at > ? AND host = ? AND container = ? "
      "AND requested_at > " SELFHEAL_SINCE_RESET " ORDER BY requested_at");
  query.bind(since).bind(host).bind(container);
  return read_times(std::move(query));
}

std::vector<WallTime> JournalReader::attempts_of_host(const std::string& host, WallTime since) {
  SqliteQuery query = connection_.query(
      "SELECT requested_at FROM attempt JOIN incident ON incident.id = incident_id "
      "WHERE requested_at > ? AND host = ? ORDER BY requested_at");
  query.bind(since).bind(host);
  return read_times(std::move(query));
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
