#include "exporter/pages/targets_json.h"

#include <cmath>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/base/time_text.h"
#include "exporter/pages/target_rows.h"

namespace selfheal {
namespace {

using Json = nlohmann::ordered_json;

std::string instant(std::optional<WallTime> time) {
  return time ? format_rfc3339(*time) : "";
}

std::string instant(double unix_seconds) {
  return instant(instant_of(unix_seconds));
}

std::string_view last_result(const ProbeNumbers& numbers) {
  if (!numbers.concluded) return "";
  return numbers.success ? "passed" : "failed";
}

Json failures_json(const ProbeNumbers& numbers) {
  Json failures = Json::object();
  for (size_t reason = 0; reason < kProbeReasons; ++reason) {
    if (numbers.failures[reason] > 0)
      failures[std::string(to_string(static_cast<ProbeReason>(reason)))] = numbers.failures[reason];
  }
  return failures;
}

Json settings_json(const ProbeSpec& spec) {
  Json endpoints = Json::array();
  for (const Endpoint& endpoint : spec.endpoints) endpoints.push_back(to_string(endpoint));
  return {{"probe", spec.name},
          {"url", to_string(spec.url)},
          {"module", spec.module->name},
          {"endpoints", endpoints},
          {"interval", format_duration(spec.settings.interval)},
          {"edge_interval", format_duration(spec.settings.edge_interval)},
          {"timeout", format_duration(spec.settings.timeout)},
          {"failure_threshold", spec.settings.failure_threshold},
          {"success_threshold", spec.settings.success_threshold},
          {"start_period", format_duration(spec.settings.start_period)}};
}

Json probe_json(const ProbeRow& row) {
  const ProbeNumbers& numbers = row.numbers;
  Json json = settings_json(*row.identity->spec);
  json.update(
      {{"health", to_string(verdict_of(row))},
       {"last_result", last_result(numbers)},
       {"last_probe", instant(numbers.last_probe_s)},
       {"last_duration_seconds", std::round(numbers.last_duration_s * 1e6) / 1e6},
       {"http_status", numbers.http_status},
       {"tls_cert_expiry", instant(numbers.cert_expiry_s)},
       {"consecutive_failures", numbers.consecutive_failures},
       {"consecutive_successes", numbers.consecutive_successes},
       {"failing_since", instant(numbers.failing_since_s)},
       {"passing_since", numbers.consecutive_successes > 0 ? instant(numbers.passing_since_s) : ""},
       {"last_success", instant(numbers.last_success_s)},
       {"last_failure_reason", numbers.last_failure ? to_string(*numbers.last_failure) : ""},
       {"last_failure", row.last_failure ? *row.last_failure : ""},
       {"attempts", numbers.attempts},
       {"failures", failures_json(numbers)},
       {"skipped", numbers.skipped}});
  return json;
}

Json container_json(const WatchedContainer& seen) {
  return {{"host", seen.key.host},
          {"container", seen.key.name},
          {"group", seen.group},
          {"origin", seen.origin == Origin::docker ? "docker" : "configured"},
          {"labels", seen.labels},
          {"id", seen.id},
          {"image", seen.image},
          {"action", seen.action},
          {"compose_project", seen.compose_project},
          {"compose_service", seen.compose_service},
          {"state", to_string(seen.state)},
          {"docker_health", to_string(seen.health)},
          {"started_at", instant(seen.started_at)},
          {"finished_at", instant(seen.finished_at)},
          {"exit_code", seen.exit_code},
          {"stop_requested", seen.stop_requested},
          {"restarts", {{"policy", seen.restarts.policy}, {"api", seen.restarts.api}}},
          {"oom_kills", seen.oom_kills},
          {"label_errors", seen.label_errors},
          {"depends_on", seen.dependencies}};
}

// Names and messages from elsewhere need not be UTF-8.
std::string line_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string targets_json(const HealthSnapshot& unordered) {
  const HealthSnapshot all = in_order(unordered);
  auto probe = all.probes.begin();
  std::string text = "{\"targets\": [";
  const char* separator = "\n";
  for (const ContainerRow& row : all.containers) {
    Json target = container_json(*row.container);
    Json& probes = target["probes"] = Json::array();
    const auto key_of = [&] { return probe->identity->container->key; };
    while (probe != all.probes.end() && key_of() < row.container->key) ++probe;
    for (; probe != all.probes.end() && key_of() == row.container->key; ++probe)
      probes.push_back(probe_json(*probe));
    text += std::exchange(separator, ",\n") + line_of(target);
  }
  text += "\n],\n\"hosts\": [";
  separator = "\n";
  for (const auto& [name, host] : all.hosts) {
    if (!host.connected) continue;
    text +=
        std::exchange(separator, ",\n") + line_of({{"host", name},
                                                   {"docker_connected", *host.connected},
                                                   {"dependency_cycles", host.dependency_cycles}});
  }
  return text + "\n]}\n";
}

}  // namespace selfheal
