#include "remediator/outcome/outcome_alert.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "common/base/time_text.h"

namespace selfheal {

std::string incident_url(const std::string& external_url, int64_t incident) {
  return external_url + "/incidents/" + std::to_string(incident);
}

std::string outcome_alert_json(const OutcomeMessage& message, const std::string& external_url,
                               WallTime now) {
  using Json = nlohmann::ordered_json;
  const std::string url = incident_url(external_url, message.incident);
  const bool good = message.kind == OutcomeKind::recovered;
  Json alert;
  alert["labels"] = {{"alertname", "SelfhealOutcome"},
                     {"severity", good ? "info" : "warning"},
                     {"outcome", to_string(message.kind)},
                     {"host", message.host},
                     {"group", message.group},
                     {"container", message.container},
                     {"incident", std::to_string(message.incident)},
                     {"attempt", std::to_string(message.attempt)}};
  alert["annotations"] = {{"summary", message.summary},
                          {"description", message.description},
                          {"reason", message.reason},
                          {"attempts", message.attempts},
                          {"incident_url", url}};
  // Not after its end, should the clock have been set back.
  alert["startsAt"] = format_rfc3339(std::min(message.happened_at, now));
  alert["endsAt"] = format_rfc3339(now + kOutcomeAlertLife);
  alert["generatorURL"] = url;
  return Json::array({alert}).dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace selfheal
