// Alertmanager's webhook payload, version 4, as values. [pure]
//
// Unknown keys are ignored (newer Alertmanagers add some), the shape is checked: an operator can
// override the whole body. Decided per alert, never per payload: the top-level status is "firing"
// as soon as one of the alerts is.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"

namespace selfheal {

// Of what is kept of an alert: its names stand in metrics, pages, logs and messages.
inline constexpr size_t kLongestAlertText = 1024;

enum class AlertStatus { firing, resolved };

struct ReceivedAlert {
  AlertStatus status = AlertStatus::firing;
  std::map<std::string, std::string> labels;
  std::string fingerprint;
  WallTime starts_at;

  // The label's value, or the empty string.
  const std::string& label(const std::string& name) const;
  // Asks for an action: the others are for people, and none of ours.
  bool wants_remediation() const { return !label("remediation").empty(); }
  // What it is about (incident/target.h): the label `container`, or for service-update `service`
  // where there is one; empty where it names nothing.
  std::string target() const;
  // The label `group`; without one a service is a group of its own name, as for the exporter.
  const std::string& group() const;
};

struct WebhookPayload {
  std::vector<ReceivedAlert> alerts;
  uint64_t truncated = 0;               // alerts that Alertmanager left out (max_alerts)
  std::vector<std::string> unreadable;  // what was wrong with alerts that could not be used
};

// The error says what is wrong with the payload as a whole; a single bad alert costs only itself.
Result<WebhookPayload> parse_webhook(std::string_view json);

}  // namespace selfheal
