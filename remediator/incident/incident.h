// What the remediator knows of one broken container, and how that changes. [pure]
//
// An incident belongs to (host, container), and where a service is to be healed the service stands
// for the container (target.h); alerts attach to it. There is at most one open incident for each.
// Time comes in as an argument, effects are the caller's: it stores what comes out (journal/)
// before and after it acts (act/attempt_runner).
//
//                     ┌────────────── attempt failed, backoff ──────────────┐
//   alert fired ──▶ waiting ── attempt started ──▶ acting ── acted ──▶ verifying ── verified ──▶
//   closed
//                     │                                                              (recovered)
//                     │                                 └── stopped, as wanted: closed (stopped)
//                     └── resolved: closed (withdrawn); too long without: closed (expired)
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "common/base/clock.h"

namespace selfheal {

enum class IncidentState { waiting, acting, verifying, closed };
enum class IncidentOutcome {
  none,       // still open
  recovered,  // by verification alone
  stopped,    // it is down, as the container's owner wants it
  withdrawn,  // the alert resolved before an attempt had proved itself
  expired,    // waited for too long; people are told
};

// How an attempt ended.
enum class AttemptResult {
  none,             // still under way
  verified,         // healthy, by the verification's query
  stopped,          // as the container's owner wants it, and nothing is left to prove
  relapsed,         // was seen healthy, and then a new failure began
  action_failed,    // Docker said no, or the command did
  no_effect,        // Docker was asked, and it never happened
  container_gone,   // removed meanwhile
  not_healthy,      // acted, and not healthy within the verification's time
  restarted_again,  // somebody or something else restarted it meanwhile
  not_scraped,      // nothing is known of its health: Prometheus has nothing of the exporter
  no_prometheus,    // nothing is known of its health: Prometheus does not answer
  unknown,          // what Docker did, or what became of it, was not to be learned in time
};

std::string_view to_string(IncidentState state);
std::string_view to_string(IncidentOutcome outcome);
std::string_view to_string(AttemptResult result);
std::optional<IncidentState> parse_incident_state(std::string_view text);
std::optional<IncidentOutcome> parse_incident_outcome(std::string_view text);
std::optional<AttemptResult> parse_attempt_result(std::string_view text);

// One alert as Alertmanager tells of it; (fingerprint, starts_at) is one failure.
struct IncidentAlert {
  std::string fingerprint;
  WallTime starts_at;
  std::string alertname;
  std::string remediation;  // the action it asks for
  bool firing = true;
  WallTime first_received_at;
  WallTime last_received_at;
};

struct Attempt {
  int number = 0;  // from 1 within the incident
  std::string action;
  std::string command;                     // of exec
  std::string container_id;                // or the service's
  std::optional<WallTime> started_before;  // the container's start before it: what boot compares;
                                           // of a service, the start of its last update
  std::chrono::seconds stop_timeout{10};   // granted to the container, or to the command of exec
  std::optional<Milliseconds> verify_within;  // the step's own time for the proof
  WallTime requested_at;                      // written down, about to call Docker
  std::optional<WallTime> acted_at;           // Docker had done it
  std::optional<WallTime> started_after;    // the container's start that this attempt brought about
  std::optional<WallTime> seen_healthy_at;  // first success of all probes since then
  std::optional<WallTime> ended_at;
  AttemptResult result = AttemptResult::none;
  std::string detail;  // for a person
};

bool is_recreation(const Attempt& attempt);

struct Incident {
  int64_t id = 0;  // the journal's
  std::string host;
  std::string container;  // what it is about, see target.h
  std::string group;      // as the last alert named it; the container's name until one does
  // What was known of it when it was judged last, be it in the incident before, which is written
  // down for those who have only the journal: metrics, pages, messages.
  std::string service;  // what is updated in its place: service/NAME; empty: it is acted on itself
  std::string service_id;   // that service's
  int budget_per_hour = 0;  // attempts that its labels grant; 0: as many as the configuration
  int budget_per_day = 0;
  IncidentState state = IncidentState::waiting;
  IncidentOutcome outcome = IncidentOutcome::none;
  WallTime opened_at;
  std::optional<WallTime> closed_at;
  WallTime lease_until;      // attempts need a lease: a firing that was delivered lately
  WallTime waiting_since;    // opened, or the end of the last attempt
  WallTime next_at;          // when it is to be looked at next; closed, only while it owes
  int carried_attempts = 0;  // of earlier incidents of a container that was not healthy in between,
                             // and of other incidents of its service
  int forgiven_attempts = 0;                      // of all these, by a person's reset
  int escalation = 0;                             // of those that count, how many did not help
  std::optional<WallTime> last_attempt_ended_at;  // of this incident or the one it carries on
  bool last_attempt_seen_healthy = false;
  // What people have been told already, of this incident or the one it carries on (outcome/).
  bool breaker_told = false;  // that all attempts are used, since the last one was made
  bool expiry_told = false;   // that this failure waited for too long
  // Whether its attempts may have left something in Docker that is not in order yet, after its end
  // too (act/aftermath).
  bool owes = false;
  std::string reason;  // why it waits (a decision's reason), or how it ended
  std::string detail;
  std::vector<IncidentAlert> alerts;
  std::vector<Attempt> attempts;  // the last one may be under way

  // What is acted on, and so what attempts and breaker belong to.
  const std::string& subject() const { return service.empty() ? container : service; }
  int attempts_used() const {
    return carried_attempts + static_cast<int>(attempts.size()) - forgiven_attempts;
  }
  bool attempt_under_way() const {
    return state == IncidentState::acting || state == IncidentState::verifying;
  }
  // Of those that ask for `remediation`, or of all; nullptr when none fires.
  const IncidentAlert* newest_firing(std::string_view remediation = {}) const;
};

struct IncidentSettings {
  Milliseconds lease{45'000};            // three of Alertmanager's repeats
  Milliseconds time_to_live{600'000};    // of waiting
  Milliseconds healthy_reset{600'000};   // attempts are forgotten after that long a health
  Milliseconds backoff_initial{10'000};  // before the second attempt, then doubling
  Milliseconds backoff_longest{300'000};
  int backoff_jitter_percent = 25;  // what broke together is not restarted together
};

// ---- events, in the order in which they usually come

struct AlertFired {
  IncidentAlert alert;
  std::string group;  // the alert's label, if it has one
};
// Of the failures of this alert that began up to `starts_at`: a clustered Alertmanager sends the
// end of an earlier one again when a later one has begun.
struct AlertResolved {
  std::string fingerprint;
  WallTime starts_at = WallTime::max();
};
// The decision was not to act, for now.
struct Waited {
  std::string reason;
  std::string detail;
  WallTime until;
  WallTime judged_at = WallTime::max();  // a failure told of after that is judged at once
};
struct AttemptStarted {
  Attempt attempt;  // without its number, which apply() gives
};
struct Acted {
  WallTime started_after;
};
struct SeenHealthy {};
struct Verified {};
struct Stopped {};
struct AttemptFailed {
  AttemptResult result;
  std::string detail;
};
struct LivedTooLong {};

using IncidentEvent = std::variant<AlertFired, AlertResolved, Waited, AttemptStarted, Acted,
                                   SeenHealthy, Verified, Stopped, AttemptFailed, LivedTooLong>;

// A new incident for a first firing. `previous` is the container's last incident, closed, or null.
Incident open_incident(const std::string& host, const std::string& container,
                       const AlertFired& event, const Incident* previous, WallTime now,
                       const IncidentSettings& settings);

// Applies `event`; false, and nothing changed, when it does not fit the state (the incident was
// closed meanwhile, say): the caller must then not act on it.
bool apply(Incident& incident, const IncidentEvent& event, WallTime now,
           const IncidentSettings& settings);

// The newest alert that was known by then, of those that ask for `remediation`, or of all. Null:
// none.
const IncidentAlert* newest_known_by(const Incident& incident, WallTime then,
                                     std::string_view remediation = {});
// The one that the last attempt was to answer; of a start one that asks for it.
const IncidentAlert* answered_alert(const Incident& incident);

// Whether it has waited for longer than it may live.
bool lived_too_long(const Incident& incident, WallTime now, const IncidentSettings& settings);

// The pause after the attempt of that number, which ended then: doubling from `backoff_initial`,
// longer or shorter by the jitter. The same for the same attempt, so that it can be told again.
Milliseconds backoff_after(int attempts_used, WallTime ended_at, const IncidentSettings& settings);

// A person has looked at it: its attempts so far no longer count, and the next one is due at once.
// Of the last incident of a container, open or closed.
void forgive_attempts(Incident& incident, WallTime now);

}  // namespace selfheal
