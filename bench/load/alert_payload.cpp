#include "bench/load/alert_payload.h"

#include <array>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "common/base/time_text.h"

namespace selfheal::bench {
namespace {

using Json = nlohmann::json;

constexpr std::array kAlertNames{"SelfhealProbeFailing", "SelfhealContainerUnhealthy"};

std::string fingerprint_of(const FiringAlert& alert) {
  std::array<char, 20> text{};
  std::snprintf(text.data(), text.size(), "%08x%08x", static_cast<unsigned>(alert.kind),
                static_cast<unsigned>(alert.container));
  return text.data();
}

Json labels_of(const FiringAlert& alert) {
  const std::string name = container_name(alert.container);
  return {{"alertname", kAlertNames.at(static_cast<size_t>(alert.kind) % kAlertNames.size())},
          {"host", kHost},
          {"container", name},
          {"group", name},
          {"remediation", "restart"},
          {"severity", "none"}};
}

Json annotations_of(const FiringAlert& alert) {
  return {
      {"summary", "A container has failed its probe as often in a row as its threshold allows."},
      {"description", "Container " + container_name(alert.container) + " on " + kHost +
                          " has failed 3 probes in a row; it is to be restarted."},
      {"runbook_url", "https://selfheal.invalid/rules/README.md#selfhealprobefailing"}};
}

}  // namespace

std::string container_name(int container) {
  return "web-" + std::to_string(container);
}

std::string webhook_payload(const FiringAlert& alert) {
  const Json labels = labels_of(alert);
  const Json annotations = annotations_of(alert);
  const Json firing{{"status", "firing"},
                    {"labels", labels},
                    {"annotations", annotations},
                    {"startsAt", format_rfc3339(alert.starts_at)},
                    {"endsAt", "0001-01-01T00:00:00Z"},
                    {"generatorURL",
                     "http://prometheus:9090/graph?g0.expr=max+by+%28host%2C+group%2C+container"
                     "%29+%28last_over_time%28selfheal%3Afault%5B100ms%5D%29%29&g0.tab=1"},
                    {"fingerprint", fingerprint_of(alert)}};
  const Json payload{{"version", "4"},
                     {"groupKey", "{}/{remediation!=\"\"}:" + labels.dump()},
                     {"truncatedAlerts", 0},
                     {"status", "firing"},
                     {"receiver", "selfheal-remediator"},
                     {"groupLabels", labels},
                     {"commonLabels", labels},
                     {"commonAnnotations", annotations},
                     {"externalURL", "http://alertmanager:9093"},
                     {"alerts", Json::array({firing})}};
  return payload.dump();
}

std::string webhook_request(const FiringAlert& alert, const std::string& token) {
  const std::string body = webhook_payload(alert);
  std::string request =
      "POST /api/v1/alerts HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Alertmanager/0.25.0\r\n";
  request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  if (!token.empty()) request += "Authorization: Bearer " + token + "\r\n";
  return request + "Content-Type: application/json\r\n\r\n" + body;
}

}  // namespace selfheal::bench
