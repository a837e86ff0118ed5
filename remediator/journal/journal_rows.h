// Incidents and what belongs to them, as rows. Readers and writers over one connection; they throw
// SqliteError, which Journal turns into a JournalFault.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "remediator/decision/facts.h"
#include "remediator/incident/breaker.h"
#include "remediator/incident/incident.h"
#include "remediator/incident/pause.h"
#include "remediator/journal/decision_row.h"
#include "remediator/journal/evidence_row.h"
#include "remediator/journal/outcome_row.h"
#include "remediator/journal/sqlite.h"

namespace selfheal {

struct DueRow {
  int64_t incident_id = 0;
  WallTime next_at;
  std::string host = {};
};

struct IncidentFilter {
  std::string container;  // empty: all; or a service, with what it was updated for
  std::string state;      // empty: all; "open": all but closed
  std::optional<WallTime> since;
  int limit = 100;
};

class JournalReader {
 public:
  explicit JournalReader(SqliteConnection& connection) : connection_(connection) {}

  std::optional<Incident> incident(int64_t id);
  std::optional<Incident> open_incident(const std::string& host, const std::string& container);
  // Of those opened before `before`; as it is now.
  std::optional<Incident> last_incident(const std::string& host, const std::string& container,
                                        WallTime before = WallTime::max());
  std::vector<Incident> open_incidents();  // by next_at
  // The work queue: what is open, and what has ended and owes something, the most urgent first, at
  // most `limit` of those behind `behind`.
  std::vector<DueRow> queue(int limit, const DueRow& behind = {0, WallTime::min(), {}});
  std::vector<Incident> incidents(const IncidentFilter& filter);  // newest first
  // Open at some time after `since`, whenever they began; newest first.
  std::vector<Incident> incidents_alive_since(WallTime since, int limit);
  std::vector<DecisionRow> decisions(int64_t incident_id);
  // Those that have not ended and were not yet seen to work.
  std::vector<AttemptUnderWay> attempts_under_way();
  // When attempts were requested later than `since`, ascending: those of a container only since a
  // person has reset it.
  std::vector<WallTime> attempts_of_container(const std::string& host, const std::string& container,
                                              WallTime since);
  // On a service by its id, for whichever incidents they were; since a person has reset `target`.
  std::vector<AttemptSpan> attempts_on_service(const std::string& host, const std::string& target,
                                               const std::string& service_id, WallTime since);
  // Whether people were told that the service's breaker is open, by an incident other than `but`
  // that was open at `since` or later.
  bool breaker_told_of_service(const std::string& host, const std::string& target, int64_t but,
                               WallTime since);
  std::vector<WallTime> attempts_of_host(const std::string& host, WallTime since);
  // What a decision on the incident has to know beside it.
  Surroundings surroundings(const Incident& incident, WallTime now);
  // In force.
  std::vector<Pause> pauses(WallTime now);
  // Of each container its last incident, where that is open or was closed later than that.
  std::vector<Incident> last_incidents(WallTime closed_after = WallTime{});
  // The same of those in whose place that service is updated, and its own.
  std::vector<Incident> last_incidents_of_service(const std::string& host,
                                                  const std::string& target, WallTime closed_after);
  // How many attempts count for those containers, for their breakers. Where a service is updated in
  // their place they have what counts for that; and it has a count of its own, by its own name.
  std::vector<AttemptCount> attempt_counts(WallTime closed_after, WallTime now,
                                           Milliseconds healthy_reset);
  // The outbox: what people are still to be told, the oldest first, at most `limit`.
  std::vector<OutcomeRow> untold_outcomes(int limit);
  std::vector<OutcomeRow> outcomes(int64_t incident_id);
  // Of its attempts, in their order; one that has none is left out.
  std::vector<EvidenceRow> evidence(int64_t incident_id);
  // Whether this very failure was closed as recovered: a clustered Alertmanager sends it again. One
  // that began after the action is not what the action mended, and counts as new; what was told
  // before it began before it, whatever the clock was set to when.
  bool already_recovered(const std::string& fingerprint, WallTime starts_at,
                         WallTime before = WallTime::max());
  // The container's first incident of those opened at `at` or later; as it is now.
  std::optional<Incident> first_incident_since(const std::string& host,
                                               const std::string& container, WallTime at);
  // When the Watchdog came last, to this process or an earlier one; nothing before the first.
  std::optional<WallTime> watchdog_last_seen();
  // The latest time at which something was written down, as far as that is known; nothing where
  // nothing was.
  std::optional<WallTime> last_word();

 protected:
  SqliteConnection& connection_;

 private:
  Incident read_row(SqliteQuery& row);
  void read_alerts(Incident& incident);
  void read_attempts(Incident& incident);
  OutcomeRow read_outcome(SqliteQuery& row);
  std::optional<Incident> read_one(SqliteQuery&& query);
  std::vector<Incident> read_all(SqliteQuery&& query);
  // Of each container for itself.
  std::vector<AttemptCount> own_attempt_counts(WallTime closed_after, WallTime now);
};

class JournalWriter : public JournalReader {
 public:
  using JournalReader::JournalReader;

  // Inserts (and sets the id) or updates, with its alerts and attempts.
  void save(Incident& incident);
  void add_decision(int64_t incident_id, const DecisionRow& decision);
  void add_evidence(int64_t incident_id, const EvidenceRow& row);
  // Into the outbox, or beside it where there is nobody to tell. One that is there already stays as
  // it is, unless it was given up: it is as new then.
  void add_outcome(const OutcomeMessage& message,
                   std::optional<WallTime> given_up_at = std::nullopt);
  void outcome_told(int64_t id, WallTime at);
  // And tell_anew().
  void outcome_given_up(int64_t id, WallTime at);
  // What is told only once, and was given up when it was to be told, counts as not told: each
  // container's last incident, or the one that carries it on, will tell it.
  void tell_anew();
  // In the place of one that is in force for the same target.
  void begin_pause(const Pause& pause);
  // False when there was none in force.
  bool end_pause(const PauseTarget& target, WallTime now);
  // Incidents that a pause has kept waiting are due now; which they are.
  std::vector<int64_t> judge_paused_now(WallTime now);
  // The container's attempts so far no longer count, neither for its breaker nor for its budget. Of
  // a service, or a container in whose place one is updated: those of that service, whichever of
  // its containers they were for. The incidents that forgot them, of which those open are due now.
  std::vector<int64_t> reset(const std::string& host, const std::string& container, WallTime now);
  void watchdog_seen(WallTime at);
  // The clock was set: its times that still count, of all that is open or was over after `since`.
  void move_times(std::chrono::nanoseconds by, WallTime since);

 private:
  void save_row(const Incident& incident);
  void save_alerts(const Incident& incident);
  void save_attempts(const Incident& incident);
};

}  // namespace selfheal
