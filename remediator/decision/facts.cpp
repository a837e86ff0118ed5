#include "remediator/decision/facts.h"

#include <nlohmann/json.hpp>

#include "common/base/time_text.h"
#include "common/docker/container_id.h"
#include "remediator/decision/granted.h"

namespace selfheal {
namespace {

using Json = nlohmann::ordered_json;

Json instant(const std::optional<WallTime>& time) {
  return time ? Json(format_rfc3339(*time)) : Json(nullptr);
}

Json own_labels(const Labels& all) {
  Json labels = Json::object();
  for (const auto& [name, value] : all)
    if (name.rfind("selfheal.", 0) == 0 || name == "monitored") labels[name] = value;
  return labels;
}

Json service(const ServiceDetails& details, const Facts& facts) {
  return {{"id", details.id},
          {"name", details.name},
          {"force_update", details.force_update},
          {"update_state", to_string(details.update_state)},
          {"updated_at", instant(details.updated_at)},
          {"update_parallelism", details.update_parallelism},
          {"tasks", facts.tasks.size()},
          {"labels", own_labels(facts.service_labels)}};
}

Json container(const ContainerDetails& details) {
  return {{"id", short_id(details.id)},
          {"state", to_string(details.state)},
          {"health", to_string(details.health)},
          {"created_at", instant(details.created_at)},
          {"started_at", instant(details.started_at)},
          {"auto_remove", details.auto_remove},
          {"labels", own_labels(details.labels)}};
}

const char* source_name(PolicySource source) {
  switch (source) {
    case PolicySource::not_configured:
      return "not_configured";
    case PolicySource::answered:
      return "answered";
    case PolicySource::failed:
      return "failed";
  }
  return "";
}

Json under_way(const std::vector<AttemptUnderWay>& attempts) {
  Json all = Json::array();
  for (const AttemptUnderWay& other : attempts)
    all.push_back({{"container", other.container},
                   {"requested_at", format_rfc3339(other.requested_at)},
                   {"acted_at", instant(other.acted_at)}});
  return all;
}

Json pauses(const std::vector<Pause>& in_force) {
  Json all = Json::array();
  for (const Pause& pause : in_force)
    all.push_back({{"target", to_text(pause.target)},
                   {"reason", pause.reason},
                   {"ends_at", instant(pause.ends_at)}});
  return all;
}

}  // namespace

const Labels& Facts::labels() const {
  static const Labels kNone;
  if (service) return service_labels;
  return inspected ? inspected->labels : kNone;
}

Labels labels_of_service(const ServiceDetails& service) {
  Labels labels = service.labels;
  labels.insert(service.container_labels.begin(), service.container_labels.end());
  const auto said = service.container_labels.find("selfheal.action");
  if (said != service.container_labels.end() && said->second == "none")
    labels[said->first] = "none";
  return labels;
}

std::string to_json(const Facts& facts) {
  Json json{{"now", format_rfc3339(facts.now)},
            {"host", facts.host},
            {"container", facts.container},
            {"group", facts.group},
            {"alertname", facts.alertname},
            {"asked_action", facts.asked_action},
            {"lease_until", format_rfc3339(facts.lease_until)},
            {"engine_host", facts.engine_host},
            {"is_self", facts.is_self},
            {"policy_source", source_name(facts.policy_source)},
            {"alerts_firing", facts.policy.alerts_firing},
            {"holds", facts.policy.holds},
            {"attempts_used", facts.attempts_used},
            {"escalation", facts.escalation},
            {"last_attempt_ended_at", instant(facts.last_attempt_ended_at)},
            {"last_attempt_seen_healthy", facts.last_attempt_seen_healthy},
            {"not_before", format_rfc3339(facts.not_before)},
            {"engine_back_at", instant(facts.engine_back_at)},
            {"under_way", under_way(facts.around.under_way)},
            {"attempts_of_container", facts.around.attempts_of_container.size()},
            {"attempts_of_host", facts.around.attempts_of_host.size()},
            {"pauses", pauses(facts.around.pauses)}};
  if (!facts.host_fault.empty()) json["host_fault"] = facts.host_fault;
  if (!facts.hosts_away.empty()) json["hosts_away"] = facts.hosts_away;
  if (facts.inspected) json["inspected"] = container(*facts.inspected);
  if (facts.docker_failure) json["docker_failure"] = facts.docker_failure->message;
  if (facts.service) json["service"] = service(*facts.service, facts);
  if (facts.service_failure) json["service_failure"] = facts.service_failure->message;
  if (const auto faults = label_faults(facts.labels()); !faults.empty())
    json["label_faults"] = faults;
  if (!facts.policy_failure.empty()) json["policy_failure"] = facts.policy_failure;
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace selfheal
