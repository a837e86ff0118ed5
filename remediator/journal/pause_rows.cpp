// What people have said: pauses and resets.
#include <set>

#include "remediator/incident/target.h"
#include "remediator/journal/journal_rows.h"

namespace selfheal {

std::vector<Pause> JournalReader::pauses(WallTime now) {
  SqliteQuery query = connection_.query(
      "SELECT scope, host, name, reason, began_at, ends_at FROM pause "
      "WHERE ended_at IS NULL AND (ends_at IS NULL OR ends_at > ?) ORDER BY began_at, id");
  query.bind(now);
  std::vector<Pause> all;
  while (query.step()) {
    Pause pause;
    // What a later version may have written holds: it is a brake.
    pause.target.scope = parse_pause_scope(query.text()).value_or(PauseScope::all);
    pause.target.host = query.text();
    pause.target.name = query.text();
    pause.reason = query.text();
    pause.began_at = query.time();
    pause.ends_at = query.optional_time();
    all.push_back(std::move(pause));
  }
  return all;
}

void JournalWriter::begin_pause(const Pause& pause) {
  end_pause(pause.target, pause.began_at);  // said anew, the new one counts
  SqliteQuery query = connection_.query(
      "INSERT INTO pause (scope, host, name, reason, began_at, ends_at) VALUES (?, ?, ?, ?, ?, ?)");
  query.bind(to_string(pause.target.scope)).bind(pause.target.host).bind(pause.target.name);
  query.bind(pause.reason).bind(pause.began_at).bind(pause.ends_at).run();
}

bool JournalWriter::end_pause(const PauseTarget& target, WallTime now) {
  bool in_force = false;
  for (const Pause& pause : pauses(now)) in_force = in_force || pause.target == target;
  // One whose time is over is ended too: there is one row in force for each target.
  SqliteQuery query = connection_.query(
      "UPDATE pause SET ended_at = ? "
      "WHERE scope = ? AND host = ? AND name = ? AND ended_at IS NULL");
  query.bind(now).bind(to_string(target.scope)).bind(target.host).bind(target.name).run();
  return in_force;
}

std::vector<int64_t> JournalWriter::judge_paused_now(WallTime now) {
  SqliteQuery query = connection_.query(
      "UPDATE incident SET next_at = ? WHERE state = 'waiting' AND reason = 'paused' RETURNING id");
  query.bind(now);
  std::vector<int64_t> ids;
  while (query.step()) ids.push_back(query.integer());
  return ids;
}

std::vector<int64_t> JournalWriter::reset(const std::string& host, const std::string& container,
                                          WallTime now) {
  std::vector<Incident> forgiven;
  std::string subject = container;
  if (auto named = last_incident(host, container)) {
    subject = named->subject();
    forgiven.push_back(*std::move(named));
  } else if (!service_of(container)) {
    return {};  // nothing to forgive: nothing is written
  }
  if (service_of(subject))  // of older ones nothing counts any more
    for (Incident& other : last_incidents_of_service(host, subject, now - kBudgetDay))
      if (forgiven.empty() || other.id != forgiven.front().id) forgiven.push_back(std::move(other));
  std::vector<int64_t> ids;
  std::set<std::string> names{container, subject};
  for (Incident& incident : forgiven) {
    forgive_attempts(incident, now);
    save(incident);
    ids.push_back(incident.id);
    names.insert(incident.container);
  }
  for (const std::string& name : names) {
    SqliteQuery query = connection_.query("INSERT OR REPLACE INTO reset VALUES (?, ?, ?)");
    query.bind(host).bind(name).bind(now).run();
  }
  return ids;
}

}  // namespace selfheal
