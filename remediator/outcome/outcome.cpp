#include "remediator/outcome/outcome.h"

#include <algorithm>

#include "common/base/time_text.h"
#include "remediator/decision/decision.h"

namespace selfheal {
namespace {

// Of Docker's or Prometheus' own words, which can be pages.
constexpr size_t kLongestDetail = 500;

// Not below zero, where the clock was set.
std::string seconds_text(std::chrono::duration<double> duration) {
  return format_seconds(std::max(std::chrono::duration<double>(0), duration), 1) + " s";
}

std::string colon_and(const std::string& detail) {
  if (detail.empty()) return "";
  return ": " + detail.substr(0, kLongestDetail) + (detail.size() > kLongestDetail ? " …" : "");
}

// A service is told of by its own name, whichever of its containers the alert was for.
std::string head(const Incident& incident) {
  return incident.subject() + " on " + incident.host + ": ";
}

// "SelfhealProbeFailing", of a service's container with its name.
std::string named_cause(const Incident& incident, const std::string& alertname) {
  if (incident.subject() == incident.container) return alertname;
  return alertname + " of " + incident.container;
}

std::string cause_of(const Incident& incident, const IncidentAlert* cause) {
  return named_cause(incident, cause == nullptr ? "no alert" : cause->alertname);
}

// " (attempt 1 of 3; SelfhealProbeFailing)", with the alert that the last attempt was to answer.
std::string of_attempt(const Incident& incident, const OutcomeMessage& message) {
  return " (attempt " + message.attempts + "; " + cause_of(incident, answered_alert(incident)) +
         ")";
}

// "restarted". Of any action that containers can be pinned to, as their labels name it.
std::string done_word(const std::string& action) {
  if (action == "kill") return "killed and started";
  if (action == "stop") return "stopped";
  if (action == "exec") return "had its command run";
  if (action == "service-update") return "updated";
  return action + (action.ends_with('e') ? "d" : "ed");
}

std::string what_became_of(const Attempt& attempt) {
  const std::string done = done_word(attempt.action);
  switch (attempt.result) {
    case AttemptResult::relapsed:
      return done + ", was healthy for a moment and failed again";
    case AttemptResult::action_failed:
      return (attempt.acted_at ? done + ", but could not be put back" : "could not be " + done) +
             colon_and(attempt.detail);
    case AttemptResult::not_healthy:
      return done + ", but not healthy after " +
             seconds_text(*attempt.ended_at - attempt.acted_at.value_or(attempt.requested_at)) +
             colon_and(attempt.detail);
    case AttemptResult::unknown:
      if (!attempt.acted_at) return "perhaps " + done + colon_and(attempt.detail);
      [[fallthrough]];
    case AttemptResult::not_scraped:
    case AttemptResult::no_prometheus:
      return done + ", and whether it is healthy is not known" + colon_and(attempt.detail);
    case AttemptResult::restarted_again:
      return done + ", and then restarted by somebody or something else";
    default:
      return "not " + done + colon_and(attempt.detail);
  }
}

OutcomeMessage message_of(const Incident& incident, OutcomeKind kind, int max_attempts,
                          WallTime now) {
  OutcomeMessage message;
  message.incident = incident.id;
  message.attempt = incident.carried_attempts + static_cast<int>(incident.attempts.size());
  message.kind = kind;
  message.happened_at = now;
  message.host = incident.host;
  message.container = incident.subject();
  message.group = incident.group;
  // More than granted there are when a reload has taken some away.
  const int used = incident.attempts_used();
  message.attempts = std::to_string(used) + " of " + std::to_string(std::max(max_attempts, used));
  return message;
}

OutcomeMessage recovered(const Incident& after, int max_attempts, WallTime now) {
  OutcomeMessage message = message_of(after, OutcomeKind::recovered, max_attempts, now);
  const Attempt& attempt = after.attempts.back();
  message.reason = to_string(attempt.result);
  message.summary = after.subject() + " was " + done_word(attempt.action) + " and is healthy again";
  message.description = head(after) + done_word(attempt.action) + ", healthy again after " +
                        seconds_text(attempt.seen_healthy_at.value_or(now) - attempt.requested_at) +
                        of_attempt(after, message);
  return message;
}

OutcomeMessage stopped(const Incident& after, int max_attempts, WallTime now) {
  OutcomeMessage message = message_of(after, OutcomeKind::stopped, max_attempts, now);
  message.reason = to_string(AttemptResult::stopped);
  message.summary = after.subject() + " was stopped and stays down";
  message.description = head(after) +
                        "stopped, as its labels ask for when it is broken; a person " +
                        "has to start it" + of_attempt(after, message);
  return message;
}

OutcomeMessage failed(const Incident& after, int max_attempts, WallTime now) {
  OutcomeMessage message = message_of(after, OutcomeKind::failed, max_attempts, now);
  const Attempt& attempt = after.attempts.back();
  message.reason = to_string(attempt.result);
  message.summary = after.subject() + " was not healed by attempt " + message.attempts;
  message.description = head(after) + what_became_of(attempt) + of_attempt(after, message);
  if (after.state == IncidentState::closed)
    message.description += "; the alert has resolved meanwhile";
  return message;
}

OutcomeMessage breaker_open(const Incident& after, int max_attempts, WallTime now) {
  OutcomeMessage message = message_of(after, OutcomeKind::breaker_open, max_attempts, now);
  const bool budget = after.reason == to_string(Reason::budget_of_container);
  message.reason = to_string(budget ? Reason::budget_of_container : Reason::attempts_used_up);
  message.summary =
      after.subject() + " is not healed any more: " +
      (budget ? "its budget is spent"
              : "all " + std::to_string(after.attempts_used()) + " attempts are used");
  return message;
}

std::optional<OutcomeMessage> of_ended_attempt(Incident& after, int max_attempts, WallTime now) {
  const Attempt& attempt = after.attempts.back();
  if (attempt.result == AttemptResult::verified) return recovered(after, max_attempts, now);
  if (attempt.result == AttemptResult::stopped) return stopped(after, max_attempts, now);
  if (attempt.result == AttemptResult::container_gone) return std::nullopt;
  OutcomeMessage message = failed(after, max_attempts, now);
  if (after.attempts_used() < max_attempts) return message;
  after.breaker_told = true;
  const std::string how_it_failed = message.description;
  message = breaker_open(after, max_attempts, now);
  message.description = how_it_failed + "; that was the last attempt, a person is needed";
  return message;
}

OutcomeMessage of_refusal(Incident& after, int max_attempts, WallTime now) {
  after.breaker_told = true;
  OutcomeMessage message = breaker_open(after, max_attempts, now);
  message.description = head(after) + "failed again, and " + after.detail + " (" +
                        cause_of(after, newest_known_by(after, now)) + ")";
  return message;
}

bool opens_breaker(const std::string& reason) {
  return reason == to_string(Reason::attempts_used_up) ||
         reason == to_string(Reason::budget_of_container);
}

// What was left alone on purpose: by a label, a pause, or since it is not this remediator's to
// mend.
bool meant_to_be_left(const std::string& reason) {
  for (const Reason meant :
       {Reason::unknown_host, Reason::self, Reason::protected_container, Reason::not_opted_in,
        Reason::action_none, Reason::paused, Reason::left_to_swarm})
    if (reason == to_string(meant)) return true;
  return false;
}

OutcomeMessage of_expiry(const Incident& before, Incident& after, int max_attempts, WallTime now) {
  after.expiry_told = true;
  OutcomeMessage message = message_of(after, OutcomeKind::expired, max_attempts, now);
  message.reason = before.reason;
  message.summary = after.subject() + " could not be healed in time";
  const auto waited = std::chrono::duration_cast<std::chrono::seconds>(now - before.waiting_since);
  message.description = head(after) + "nothing could be done for " + format_duration(waited) +
                        colon_and(before.detail.empty() ? before.reason : before.detail) + " (" +
                        cause_of(after, newest_known_by(after, now)) + ")";
  return message;
}

}  // namespace

std::string_view to_string(OutcomeKind kind) {
  switch (kind) {
    case OutcomeKind::recovered:
      return "recovered";
    case OutcomeKind::stopped:
      return "stopped";
    case OutcomeKind::failed:
      return "failed";
    case OutcomeKind::expired:
      return "expired";
    case OutcomeKind::breaker_open:
      return "breaker_open";
  }
  return "";
}

std::optional<OutcomeKind> parse_outcome_kind(std::string_view text) {
  for (const OutcomeKind kind : kOutcomeKinds)
    if (to_string(kind) == text) return kind;
  return std::nullopt;
}

std::optional<OutcomeMessage> outcome_of(const Incident& before, Incident& after, int max_attempts,
                                         WallTime now) {
  if (before.attempt_under_way() && !after.attempt_under_way())
    return of_ended_attempt(after, max_attempts, now);
  if (after.state == IncidentState::waiting && opens_breaker(after.reason) && !after.breaker_told)
    return of_refusal(after, max_attempts, now);
  // Whatever else stood in the way at last: another attempt would not have been granted.
  const bool behind_breaker = opens_breaker(before.reason) ||
                              (before.breaker_told && before.attempts_used() >= max_attempts);
  if (after.outcome == IncidentOutcome::expired && !after.expiry_told && !behind_breaker &&
      !meant_to_be_left(before.reason))
    return of_expiry(before, after, max_attempts, now);
  return std::nullopt;
}

}  // namespace selfheal
