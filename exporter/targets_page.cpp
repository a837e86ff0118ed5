#include "exporter/targets_page.h"

#include <map>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/base/program.h"
#include "common/base/time_text.h"

namespace selfheal {
namespace {

using Json = nlohmann::ordered_json;

std::string verdict_of(const ProbeRow& row) {
  const ProbeNumbers& numbers = row.numbers;
  if (numbers.healthy) return numbers.consecutive_failures > 0 ? "failing" : "healthy";
  if (!numbers.concluded) return "not probed yet";
  return numbers.consecutive_failures > 0 ? "unhealthy" : "starting";
}

std::string instant(double unix_seconds) {
  if (unix_seconds == 0) return "";
  const auto since_epoch = std::chrono::duration<double>(unix_seconds);
  return format_rfc3339(WallTime(std::chrono::duration_cast<WallTime::duration>(since_epoch)));
}

Json probe_json(const ProbeRow& row) {
  const ProbeSpec& spec = *row.identity->spec;
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
          {"start_period", format_duration(spec.settings.start_period)},
          {"health", verdict_of(row)},
          {"consecutive_failures", row.numbers.consecutive_failures},
          {"consecutive_successes", row.numbers.consecutive_successes},
          {"failing_since", instant(row.numbers.failing_since_s)},
          {"last_success", instant(row.numbers.last_success_s)},
          {"last_failure", row.last_failure ? *row.last_failure : ""}};
}

Json container_json(const WatchedContainer& seen) {
  return {{"host", seen.key.host},
          {"container", seen.key.name},
          {"group", seen.group},
          {"id", seen.id},
          {"image", seen.image},
          {"state", to_string(seen.state)},
          {"started_at", seen.started_at ? format_rfc3339(*seen.started_at) : ""},
          {"stop_requested", seen.stop_requested},
          {"depends_on", seen.dependencies},
          {"probes", Json::array()}};
}

std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

void add_row(std::string& html, const std::vector<std::string>& cells) {
  html += "<tr>";
  for (const std::string& cell : cells) html += "<td>" + escaped(cell) + "</td>";
  html += "</tr>\n";
}

void add_container(std::string& html, const WatchedContainer& seen,
                   const std::vector<const ProbeRow*>& probes) {
  const std::string state(to_string(seen.state));
  if (probes.empty()) {
    const std::string why = seen.probes.empty() ? "no probe" : "not probed";
    add_row(html, {seen.key.host, seen.key.name, seen.group, state, "", "", why, ""});
  }
  for (const ProbeRow* row : probes) {
    const bool failing = row->numbers.consecutive_failures > 0 || !row->numbers.healthy;
    add_row(html, {seen.key.host, seen.key.name, seen.group, state, row->identity->spec->name,
                   to_string(row->identity->spec->url), verdict_of(*row),
                   failing && row->last_failure ? *row->last_failure : ""});
  }
}

constexpr const char* kHead =
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
    "<title>selfheal-exporter</title>\n<style>body{font-family:sans-serif;margin:2em}"
    "table{border-collapse:collapse}td,th{padding:.3em .8em;text-align:left;"
    "border-bottom:1px solid #ccc}</style></head><body>\n<h1>selfheal-exporter</h1>\n";

}  // namespace

ServerResponse TargetsPage::json() const {
  const HealthSnapshot all = in_order(table_.snapshot());
  std::map<ContainerKey, std::vector<const ProbeRow*>> probes;
  for (const ProbeRow& row : all.probes) probes[row.identity->container->key].push_back(&row);
  Json targets = Json::array();
  for (const ContainerRow& row : all.containers) {
    targets.push_back(container_json(*row.container));
    for (const ProbeRow* probe : probes[row.container->key])
      targets.back()["probes"].push_back(probe_json(*probe));
  }
  // Names and messages from elsewhere need not be UTF-8.
  return {
      .body = Json{{"targets", targets}}.dump(2, ' ', false, Json::error_handler_t::replace) + "\n",
      .content_type = "application/json",
      .headers = {}};
}

ServerResponse TargetsPage::html() const {
  const HealthSnapshot all = in_order(table_.snapshot());
  std::map<ContainerKey, std::vector<const ProbeRow*>> probes;
  for (const ProbeRow& row : all.probes) probes[row.identity->container->key].push_back(&row);
  std::string html = kHead;
  html += "<p>Version " + escaped(version()) + ", " + format_rfc3339(clock_.wall_now()) + "</p>\n";
  html += "<p><a href=\"" + escaped(telemetry_path_) +
          "\">Metrics</a> · <a href=\"/api/v1/targets\">Targets as JSON</a> · "
          "<a href=\"/config\">Configuration</a> · <a href=\"/-/ready\">Ready?</a></p>\n";
  for (const auto& [host, row] : all.hosts) {
    if (!row.connected) continue;
    html += "<p>Docker on " + escaped(host) + ": " +
            (*row.connected ? "connected" : "<b>not connected</b>") + "</p>\n";
  }
  html +=
      "<table><tr><th>Host</th><th>Container</th><th>Group</th><th>State</th><th>Probe</th>"
      "<th>Address</th><th>Health</th><th>Why</th></tr>\n";
  for (const ContainerRow& row : all.containers)
    add_container(html, *row.container, probes[row.container->key]);
  html += "</table>\n";
  if (all.containers.empty())
    html += "<p>No container has opted in: label one with <code>selfheal.enable=true</code>.</p>\n";
  return {
      .body = html + "</body></html>\n", .content_type = "text/html; charset=utf-8", .headers = {}};
}

}  // namespace selfheal
