#include "remediator/act/network_sharer_row.h"

#include <nlohmann/json.hpp>

#include "common/base/text_list.h"
#include "common/base/time_text.h"
#include "common/docker/container_id.h"
#include "common/docker/healing_step.h"
#include "remediator/act/stop_timeout.h"

namespace selfheal {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kRestart = "restart_of_sharer";

std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::optional<SharerRestart> read(const DecisionRow& row) {
  if (row.reason != kSharedNetwork) return std::nullopt;
  const Json facts = Json::parse(row.facts, nullptr, false);
  if (!facts.is_object() || !facts.contains(kRestart)) return std::nullopt;
  try {
    const Json& said = facts[kRestart];
    return SharerRestart{said.at("id").get<std::string>(), said.at("name").get<std::string>(),
                         parse_rfc3339(said.at("started_before").get<std::string>()),
                         std::chrono::seconds(said.at("stop_timeout_seconds").get<int64_t>()),
                         row.decided_at};
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;  // of another program
  }
}

}  // namespace

SharerRestart sharer_restart(const Facts& facts) {
  const ContainerDetails& sharer = *facts.inspected;
  return {sharer.id, sharer.name, sharer.started_at, stop_timeout_of(sharer), facts.now};
}

DecisionRow row_of(const SharerRestart& restart, const Facts& facts) {
  Json json = Json::parse(to_json(facts));
  json[kRestart] = {{"id", restart.id},
                    {"name", restart.name},
                    {"started_before",
                     restart.started_before ? format_rfc3339_nanos(*restart.started_before) : ""},
                    {"stop_timeout_seconds", int64_t{restart.stop_timeout.count()}}};
  return {restart.requested_at, "act", std::string(kSharedNetwork),
          "restart " + restart.name + " (" + short_id(restart.id) + "), which shares its network",
          text_of(json)};
}

std::vector<SharerRestart> sharer_restarts(const std::vector<DecisionRow>& decisions) {
  std::vector<SharerRestart> all;
  for (const DecisionRow& row : decisions)
    if (auto restart = read(row)) all.push_back(*std::move(restart));
  return all;
}

DecisionRow row_of(const std::vector<std::string>& told, WallTime now) {
  const Json facts{{"now", format_rfc3339(now)}, {"sharers", told}};
  return {now, "act", std::string(kSharedNetwork), joined(told, "; "), text_of(facts)};
}

Incident as_attempt(const SharerRestart& restart, const Incident& of_owner) {
  Incident incident;
  incident.id = of_owner.id;
  incident.host = of_owner.host;
  incident.container = restart.name;
  incident.state = IncidentState::acting;
  Attempt attempt;
  attempt.number = 1;
  attempt.action = to_string(Action::restart);
  attempt.container_id = restart.id;
  attempt.started_before = restart.started_before;
  attempt.stop_timeout = restart.stop_timeout;
  attempt.requested_at = restart.requested_at;
  incident.attempts.push_back(std::move(attempt));
  return incident;
}

}  // namespace selfheal
