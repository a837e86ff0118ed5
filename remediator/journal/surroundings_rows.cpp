// What a decision on one container has to know of the others, and of what was done before.
#include <algorithm>
#include <map>

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

bool JournalReader::breaker_told_of_service(const std::string& host, const std::string& target,
                                            int64_t but, WallTime since) {
  SqliteQuery query = connection_.query(
      "SELECT 1 FROM incident WHERE host = ? AND service = ? AND service != '' AND id != ? "
      "AND breaker_told AND (state != 'closed' OR closed_at >= ?) LIMIT 1");
  query.bind(host).bind(target).bind(but).bind(since);
  return query.step();
}

std::vector<AttemptCount> JournalReader::attempt_counts(WallTime closed_after, WallTime now,
                                                        Milliseconds healthy_reset) {
  std::vector<AttemptCount> all = own_attempt_counts(closed_after, now);
  std::map<std::pair<std::string, std::string>, std::vector<AttemptCount>> services;
  for (const AttemptCount& count : all)
    if (!count.service.empty()) services[{count.host, count.service}].push_back(count);
  std::map<std::pair<std::string, std::string>, AttemptCount> sums;
  for (const auto& [of, counts] : services) {
    // Made anew under the same name it is another service: what counts is the newest one's. What
    // was not judged yet knows of none.
    std::string id;
    for (const AttemptCount& count : counts)
      if (!count.service_id.empty()) id = count.service_id;
    sums[of] = count_for_service(
        counts, attempts_on_service(of.first, of.second, id, now - kBudgetDay), healthy_reset, now);
  }
  for (AttemptCount& count : all) {
    // What ended long ago went its own way: its container is none of the service's any more.
    if (count.container != count.service && count.closed_at &&
        now - *count.closed_at >= healthy_reset)
      continue;
    const auto sum = sums.find({count.host, count.service});
    if (sum == sums.end()) continue;
    const std::string container = count.container;
    count = sum->second;
    count.container = container;
  }
  for (auto& entry : sums) {
    AttemptCount& sum = entry.second;
    if (std::none_of(all.begin(), all.end(), [&](const AttemptCount& count) {
          return count.host == sum.host && count.container == sum.container;
        }))
      all.push_back(std::move(sum));
  }
  return all;
}

std::vector<AttemptCount> JournalReader::own_attempt_counts(WallTime closed_after, WallTime now) {
  SqliteQuery query = connection_.query(
      "SELECT host, container, state, outcome, closed_at, "
      "carried_attempts - forgiven_attempts + "
      "(SELECT count(*) FROM attempt WHERE incident_id = recent.id), "
      "coalesce(within_hour, 0), coalesce(within_day, 0), service, service_id, budget_per_hour, "
      "budget_per_day FROM ("
      "SELECT * FROM incident WHERE state != 'closed' UNION ALL "
      "SELECT * FROM incident WHERE state = 'closed' AND closed_at > ?) AS recent LEFT JOIN ("
      "SELECT host, container, sum(requested_at > ?) AS within_hour, count(*) AS within_day "
      "FROM attempt JOIN incident ON incident.id = incident_id WHERE requested_at > ? "
      "AND requested_at > " SELFHEAL_SINCE_RESET
      " GROUP BY host, container) "
      "USING (host, container) "
      "WHERE NOT EXISTS (SELECT 1 FROM incident AS later WHERE later.host = recent.host "
      "AND later.container = recent.container AND later.id > recent.id) ORDER BY recent.id");
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
    count.service = query.text();
    count.service_id = query.text();
    count.budget_per_hour = count_of(query.integer());
    count.budget_per_day = count_of(query.integer());
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
    if (covers(pause.target, incident)) around.pauses.push_back(std::move(pause));
  return around;
}

}  // namespace selfheal
