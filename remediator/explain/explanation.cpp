#include "remediator/explain/explanation.h"

#include <nlohmann/json.hpp>

#include "common/base/time_text.h"

namespace selfheal {
namespace {

using Json = nlohmann::ordered_json;

// What no decision follows.
std::string without_decision(const Explanation& explanation) {
  switch (explanation.delivery) {
    case DeliveryKind::for_people:
      return "ignore (for people: it has no label remediation)";
    case DeliveryKind::already_recovered:
      return "ignore (this failure was closed as recovered already)";
    case DeliveryKind::nothing_open:
      return "ignore (resolved, and nothing is open for it)";
    case DeliveryKind::noted:
      return explanation.under_way
                 ? "go on (resolved: the attempt that is under way is not cancelled)"
                 : "go on (resolved, but another alert for the container fires)";
    case DeliveryKind::withdrawn:
      return "withdraw (resolved: what waits for it is cancelled, nothing is done)";
    default:
      return "nothing (it was never judged)";
  }
}

std::string decided(const DecisionRow& decision) {
  if (decision.verdict == "act") return "act (" + decision.detail + ")";
  return decision.verdict + " (" + decision.reason + ": " + decision.detail + ")";
}

std::string verdict_text(const Explanation& explanation) {
  if (!is_accepted(explanation.delivery) || explanation.delivery == DeliveryKind::noted ||
      explanation.delivery == DeliveryKind::withdrawn)
    return without_decision(explanation);
  if (explanation.under_way)
    return "go on (an attempt is under way: " + std::string(to_string(*explanation.under_way)) +
           ")";
  return explanation.decision ? decided(*explanation.decision) : without_decision(explanation);
}

const char* to_incident(DeliveryKind kind) {
  switch (kind) {
    case DeliveryKind::opened:
      return "opened incident ";
    case DeliveryKind::renewed:
      return "renewed incident ";
    case DeliveryKind::relapsed:
      return "a new failure in incident ";
    case DeliveryKind::withdrawn:
      return "ended incident ";
    default:
      return "in incident ";
  }
}

// Of what was so.
std::string source_text(const Explanation& explanation) {
  if (!explanation.of_the_past || explanation.incident_id == 0) return "";
  std::string text = std::string("; ") + to_incident(explanation.delivery) +
                     std::to_string(explanation.incident_id);
  if (explanation.decision)
    text += ", decided at " + format_rfc3339(explanation.decision->decided_at);
  return text;
}

Json decision_json(const DecisionRow& decision) {
  const Json facts = Json::parse(decision.facts, nullptr, false);
  return {{"verdict", decision.verdict},
          {"reason", decision.reason},
          {"detail", decision.detail},
          {"decided_at", format_rfc3339(decision.decided_at)},
          {"facts", facts.is_discarded() ? Json(nullptr) : facts}};
}

}  // namespace

std::string to_text(const ReceivedAlert& alert, const Explanation& explanation) {
  return alert.label("alertname") + " " + alert.label("host") + "/" + alert.target() + ": " +
         verdict_text(explanation) + source_text(explanation);
}

std::string to_json(const ReceivedAlert& alert, const Explanation& explanation) {
  const Json json{
      {"alertname", alert.label("alertname")},
      {"host", alert.label("host")},
      {"container", alert.target()},
      {"status", alert.status == AlertStatus::firing ? "firing" : "resolved"},
      {"starts_at", format_rfc3339(alert.starts_at)},
      {"fingerprint", alert.fingerprint},
      {"of_the_past", explanation.of_the_past},
      {"delivery", to_string(explanation.delivery)},
      {"accepted", is_accepted(explanation.delivery)},
      {"incident", explanation.incident_id == 0 ? Json(nullptr) : Json(explanation.incident_id)},
      {"under_way", explanation.under_way ? Json(to_string(*explanation.under_way)) : Json()},
      {"decision", explanation.decision ? decision_json(*explanation.decision) : Json()},
      {"explanation", verdict_text(explanation)}};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace selfheal
