#include <yaml-cpp/yaml.h>

#include "common/base/time_text.h"
#include "remediator/config.h"

namespace selfheal {
namespace {

YAML::Node evidence_node(const EvidenceSettings& evidence) {
  YAML::Node node;
  node["enabled"] = evidence.enabled;
  node["timeout"] = format_duration(evidence.timeout);
  node["log_lines"] = evidence.log_lines;
  node["max_bytes"] = evidence.max_bytes;
  node["mask"] = YAML::Node(YAML::NodeType::Sequence);
  for (const NamePattern& pattern : evidence.mask) node["mask"].push_back(pattern.text());
  node["queries"] = YAML::Node(YAML::NodeType::Map);
  for (const auto& [name, query] : evidence.queries) node["queries"][name] = query;
  return node;
}

YAML::Node steps_node(const std::vector<HealingStep>& steps) {
  YAML::Node node(YAML::NodeType::Sequence);
  for (const HealingStep& step : steps) node.push_back(to_text(step));
  return node;
}

YAML::Node changes_node(const std::map<std::string, VerificationChange>& changes) {
  YAML::Node node(YAML::NodeType::Map);
  for (const auto& [name, change] : changes) {
    node[name] = YAML::Node(YAML::NodeType::Map);
    if (change.settled) node[name]["settled"] = format_duration(*change.settled);
    if (change.timeout) node[name]["timeout"] = format_duration(*change.timeout);
    if (!change.query.empty()) node[name]["query"] = change.query;
  }
  return node;
}

YAML::Node verification_node(const VerificationSettings& verification) {
  YAML::Node node;
  node["settled"] = format_duration(verification.settled);
  node["poll_interval"] = format_duration(verification.poll_interval);
  node["timeout"] = format_duration(verification.timeout);
  node["query"] = verification.query;
  node["actions"] = changes_node(verification.actions);
  node["alerts"] = changes_node(verification.alerts);
  return node;
}

}  // namespace

std::string to_yaml(const RemediatorSettings& settings) {
  const auto text = [](Milliseconds duration) { return format_duration(duration); };
  YAML::Node root;
  YAML::Node guards = root["guards"];
  guards["protected"] = settings.guards.protected_names;
  guards["max_attempts"] = settings.guards.max_attempts;
  guards["budget"]["per_hour"] = settings.guards.budget.per_hour;
  guards["budget"]["per_day"] = settings.guards.budget.per_day;
  guards["host_budget"]["per_hour"] = settings.guards.host_budget;
  guards["cooldown"] = text(settings.guards.cooldown);
  guards["start_grace"] = text(settings.guards.start_grace);
  guards["create_grace"] = text(settings.guards.create_grace);
  guards["backoff"]["initial"] = text(settings.incident.backoff_initial);
  guards["backoff"]["longest"] = text(settings.incident.backoff_longest);
  guards["backoff"]["jitter_percent"] = settings.incident.backoff_jitter_percent;
  guards["healthy_reset"] = text(settings.incident.healthy_reset);
  root["lease"]["duration"] = text(settings.incident.lease);
  root["lease"]["time_to_live"] = text(settings.incident.time_to_live);
  root["escalation"]["restart"] = steps_node(settings.guards.escalation.of_restart);
  root["escalation"]["alerts"] = YAML::Node(YAML::NodeType::Map);
  for (const auto& [name, steps] : settings.guards.escalation.alerts)
    root["escalation"]["alerts"][name] = steps_node(steps);
  root["verification"] = verification_node(settings.verification);
  root["prometheus"]["timeout"] = text(settings.prometheus_timeout);
  root["evidence"] = evidence_node(settings.evidence);
  root["limits"]["webhook_body_bytes"] = settings.webhook_body_bytes;
  root["limits"]["concurrent_attempts"] = settings.guards.concurrent_attempts;
  root["limits"]["exec_timeout"] = text(settings.exec_timeout);
  root["journal"]["retention"] = text(settings.retention.age);
  root["journal"]["max_bytes"] = settings.retention.max_bytes;
  root["watchdog"]["max_silence"] = text(settings.watchdog_max_silence);
  root["web"]["protect_reads"] = settings.protect_reads;
  return YAML::Dump(root) + "\n";
}

}  // namespace selfheal
