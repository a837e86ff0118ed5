#include "remediator/view/api_json.h"

#include <nlohmann/json.hpp>

#include "common/base/time_text.h"
#include "common/docker/container_id.h"

namespace selfheal {
namespace {

using Json = nlohmann::ordered_json;

Json instant(const std::optional<WallTime>& time) {
  return time ? Json(format_rfc3339(*time)) : Json(nullptr);
}

std::string dump(const Json& json) {
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

Json summary(const Incident& incident, WallTime now) {
  const auto open_for = incident.closed_at.value_or(now) - incident.opened_at;
  return {{"id", incident.id},
          {"host", incident.host},
          {"container", incident.container},
          {"service", incident.service},
          {"group", incident.group},
          {"state", to_string(incident.state)},
          {"outcome", to_string(incident.outcome)},
          {"opened_at", format_rfc3339(incident.opened_at)},
          {"closed_at", instant(incident.closed_at)},
          {"duration_seconds", std::chrono::duration<double>(open_for).count()},
          {"attempts", incident.attempts.size()},
          {"attempts_used", incident.attempts_used()},
          {"owes", incident.owes},
          {"reason", incident.reason},
          {"detail", incident.detail}};
}

Json alert_json(const IncidentAlert& alert) {
  return {{"alertname", alert.alertname},
          {"fingerprint", alert.fingerprint},
          {"remediation", alert.remediation},
          {"starts_at", format_rfc3339(alert.starts_at)},
          {"status", alert.firing ? "firing" : "resolved"},
          {"received_at", format_rfc3339(alert.first_received_at)},
          {"last_received_at", format_rfc3339(alert.last_received_at)}};
}

// Of the attempt of that number; null where nothing was collected, or can be read.
Json evidence_json(const std::vector<EvidenceRow>& evidence, int attempt) {
  for (const EvidenceRow& row : evidence) {
    if (row.attempt != attempt) continue;
    Json content = Json::parse(row.content, nullptr, false);
    if (content.is_object()) return content;
  }
  return nullptr;
}

Json attempt_json(const Attempt& attempt, const std::vector<EvidenceRow>& evidence) {
  return {
      {"number", attempt.number},
      {"action", attempt.action},
      {"command", attempt.command},
      {"verify_within_seconds",
       attempt.verify_within ? Json(std::chrono::duration<double>(*attempt.verify_within).count())
                             : Json(nullptr)},
      {"container_id", short_id(attempt.container_id)},
      {"requested_at", format_rfc3339(attempt.requested_at)},
      {"acted_at", instant(attempt.acted_at)},
      {"started_after", instant(attempt.started_after)},
      {"seen_healthy_at", instant(attempt.seen_healthy_at)},
      {"ended_at", instant(attempt.ended_at)},
      {"result", to_string(attempt.result)},
      {"detail", attempt.detail},
      {"evidence", evidence_json(evidence, attempt.number)}};
}

Json decision_json(const DecisionRow& decision) {
  const Json facts = Json::parse(decision.facts, nullptr, false);
  return {{"decided_at", format_rfc3339(decision.decided_at)},
          {"verdict", decision.verdict},
          {"reason", decision.reason},
          {"detail", decision.detail},
          {"facts", facts.is_discarded() ? Json(nullptr) : facts}};
}

Json outcome_json(const OutcomeRow& outcome) {
  return {{"outcome", to_string(outcome.message.kind)},
          {"attempt", outcome.message.attempt},
          {"happened_at", format_rfc3339(outcome.message.happened_at)},
          {"description", outcome.message.description},
          {"told_at", instant(outcome.told_at)},
          {"given_up_at", instant(outcome.given_up_at)}};
}

Json pause_object(const Pause& pause) {
  return {{"target", to_text(pause.target)},  {"scope", to_string(pause.target.scope)},
          {"host", pause.target.host},        {"name", pause.target.name},
          {"reason", pause.reason},           {"began_at", format_rfc3339(pause.began_at)},
          {"ends_at", instant(pause.ends_at)}};
}

Json pauses_array(const std::vector<Pause>& pauses) {
  Json all = Json::array();
  for (const Pause& pause : pauses) all.push_back(pause_object(pause));
  return all;
}

Json pauses_of(const Incident& incident, const std::vector<Pause>& pauses) {
  std::vector<Pause> covering;
  for (const Pause& pause : pauses)
    if (covers(pause.target, incident)) covering.push_back(pause);
  return pauses_array(covering);
}

Json container_object(const ContainerView& view, const std::vector<Pause>& pauses,
                      const BreakerSettings& settings, WallTime now) {
  const Incident& last = view.last;
  const AttemptCount& count = view.count;
  const ContainerBudget budget = budget_of(count, settings);
  const bool open = last.state != IncidentState::closed;
  return {{"host", last.host},
          {"container", count.container},
          {"service", count.service},
          {"group", last.group},
          {"breaker", breaker_of(count, settings, now) == Breaker::open ? "open" : "closed"},
          {"attempts_used", count.attempts_used},
          {"max_attempts", settings.max_attempts},
          {"attempts_within_hour", count.attempts_within_hour},
          {"attempts_within_day", count.attempts_within_day},
          {"budget_per_hour", budget.per_hour},
          {"budget_per_day", budget.per_day},
          {"pauses", pauses_of(last, pauses)},
          {"open_incident", open ? summary(last, now) : Json(nullptr)},
          {"last_incident", last.id},
          {"last_outcome", to_string(last.outcome)},
          {"last_attempt_ended_at", instant(last.last_attempt_ended_at)}};
}

}  // namespace

std::string containers_json(const std::vector<ContainerView>& containers,
                            const std::vector<Pause>& pauses, const BreakerSettings& breaker,
                            WallTime now) {
  Json all = Json::array();
  for (const ContainerView& view : containers)
    all.push_back(container_object(view, pauses, breaker, now));
  return dump({{"containers", all}, {"pauses", pauses_array(pauses)}});
}

std::string pause_json(const Pause& pause) {
  return dump(pause_object(pause));
}

std::string incidents_json(const std::vector<Incident>& incidents, WallTime now) {
  Json all = Json::array();
  for (const Incident& incident : incidents) all.push_back(summary(incident, now));
  return dump({{"incidents", all}});
}

std::string incident_json(const Incident& incident, const std::vector<DecisionRow>& decisions,
                          const std::vector<OutcomeRow>& outcomes,
                          const std::vector<EvidenceRow>& evidence, WallTime now) {
  Json json = summary(incident, now);
  json["alerts"] = Json::array();
  for (const IncidentAlert& alert : incident.alerts) json["alerts"].push_back(alert_json(alert));
  json["attempts"] = Json::array();
  for (const Attempt& attempt : incident.attempts)
    json["attempts"].push_back(attempt_json(attempt, evidence));
  json["decisions"] = Json::array();
  for (const DecisionRow& decision : decisions)
    json["decisions"].push_back(decision_json(decision));
  json["outcomes"] = Json::array();
  for (const OutcomeRow& outcome : outcomes) json["outcomes"].push_back(outcome_json(outcome));
  return dump(json);
}

}  // namespace selfheal
