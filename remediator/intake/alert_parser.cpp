#include "remediator/intake/alert_parser.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "common/base/time_text.h"
#include "common/base/utf8.h"
#include "remediator/incident/target.h"

namespace selfheal {
namespace {

using Json = nlohmann::json;

std::string text_at(const Json& object, const char* key) {
  const auto entry = object.find(key);
  return entry != object.end() && entry->is_string() ? entry->get<std::string>() : "";
}

// From 1970 to 2200: how far any two are apart fits into nanoseconds.
constexpr WallTime kLatestStart{std::chrono::seconds(7'258'118'400)};

// What somebody else has written, for a person to recognise.
std::string shortened(const std::string& text) {
  constexpr size_t kMost = 60;
  return text.size() <= kMost ? text : made_utf8(std::string_view(text).substr(0, kMost)) + "…";
}

// A line of text that is no longer than it may be.
bool can_be_kept(const std::string& text) {
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  return text.size() <= kLongestAlertText && std::none_of(text.begin(), text.end(), control);
}

Error cant_be_kept(const std::string& what) {
  return Error{what + " is longer than " + std::to_string(kLongestAlertText) +
               " bytes, or has control characters"};
}

// An alert that names no one container would match all or none: it does nothing (Diskerase).
Outcome<> check_remediation(const ReceivedAlert& alert) {
  if (alert.label("host").empty() || alert.target().empty())
    return Error{
        "it asks for remediation, but lacks the label host or container (or, for service-update, "
        "service)"};
  for (const char* name : {"host", "container", "service", "group", "alertname", "remediation"})
    if (!can_be_kept(alert.label(name))) return cant_be_kept(std::string("its label ") + name);
  return Done{};
}

// Other alerts have a label of that name too, of Kubernetes' or their own.
bool is_of_service(const ReceivedAlert& alert) {
  return alert.label("remediation") == "service-update" && !alert.label("service").empty();
}

Result<ReceivedAlert> parse_alert(const Json& json) {
  if (!json.is_object()) return Error{"it is not an object"};
  ReceivedAlert alert;
  const std::string status = text_at(json, "status");
  if (status != "firing" && status != "resolved")
    return Error{"its status is \"" + shortened(status) + "\", expected firing or resolved"};
  alert.status = status == "firing" ? AlertStatus::firing : AlertStatus::resolved;
  const auto labels = json.find("labels");
  if (labels == json.end() || !labels->is_object()) return Error{"it has no labels"};
  for (const auto& [name, value] : labels->items()) {
    if (!value.is_string()) return Error{"its label " + shortened(name) + " is not text"};
    alert.labels[name] = value.get<std::string>();
  }
  alert.fingerprint = text_at(json, "fingerprint");
  if (alert.fingerprint.empty()) return Error{"it has no fingerprint"};
  if (!can_be_kept(alert.fingerprint)) return cant_be_kept("its fingerprint");
  const auto starts_at = parse_rfc3339(text_at(json, "startsAt"));
  if (!starts_at || *starts_at < WallTime{} || *starts_at > kLatestStart)
    return Error{"its startsAt is no time"};
  alert.starts_at = *starts_at;
  if (alert.wants_remediation())
    if (const Outcome<> fine = check_remediation(alert); !fine) return fine.error();
  return alert;
}

}  // namespace

const std::string& ReceivedAlert::label(const std::string& name) const {
  static const std::string kNone;
  const auto entry = labels.find(name);
  return entry == labels.end() ? kNone : entry->second;
}

std::string ReceivedAlert::target() const {
  return is_of_service(*this) ? service_target(label("service")) : label("container");
}

const std::string& ReceivedAlert::group() const {
  const std::string& own = label("group");
  return own.empty() && is_of_service(*this) ? label("service") : own;
}

Result<WebhookPayload> parse_webhook(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return Error{"the body is not JSON"};
  if (!json.is_object()) return Error{"the body is not a JSON object"};
  const std::string version = text_at(json, "version");
  if (version != "4")
    return Error{"the payload's version is \"" + shortened(version) +
                 "\", expected \"4\" (Alertmanager's own)"};
  const auto alerts = json.find("alerts");
  if (alerts == json.end() || !alerts->is_array())
    return Error{"the payload has no list of alerts"};
  WebhookPayload payload;
  if (const auto truncated = json.find("truncatedAlerts");
      truncated != json.end() && truncated->is_number_unsigned())
    payload.truncated = truncated->get<uint64_t>();
  for (size_t i = 0; i < alerts->size(); ++i) {
    Result<ReceivedAlert> alert = parse_alert((*alerts)[i]);
    if (alert)
      payload.alerts.push_back(std::move(*alert));
    else
      payload.unreadable.push_back("alert " + std::to_string(i) + ": " + alert.error().message);
  }
  return payload;
}

}  // namespace selfheal
