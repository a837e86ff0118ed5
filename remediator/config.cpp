#include "remediator/config.h"

#include <filesystem>
#include <limits>

#include <yaml-cpp/yaml.h>

#include "common/base/time_text.h"
#include "common/base/yaml_fields.h"
#include "remediator/act/evidence_document.h"

namespace selfheal {
namespace {

constexpr Milliseconds kLongest = std::chrono::hours(24 * 365);
constexpr Milliseconds kDay = std::chrono::hours(24);
constexpr int kMostBytes = std::numeric_limits<int>::max();
constexpr Milliseconds kLongestEvidence{60'000};  // a container waits for it, broken
constexpr int kMostLogLines = 10'000;
constexpr int kMostEvidenceBytes = 16 << 20;

void read_guards(YamlFields& fields, RemediatorSettings& settings) {
  GuardSettings& guards = settings.guards;
  fields.read("protected", guards.protected_names);
  fields.read("max_attempts", guards.max_attempts, 1, 1000);
  fields.section("budget", [&](YamlFields& budget) {
    budget.read("per_hour", guards.budget.per_hour, 1, 100'000);
    budget.read("per_day", guards.budget.per_day, 1, 100'000);
  });
  fields.section("host_budget", [&](YamlFields& budget) {
    budget.read("per_hour", guards.host_budget, 1, 100'000);
  });
  fields.read("cooldown", guards.cooldown);
  fields.read("start_grace", guards.start_grace);
  fields.read("create_grace", guards.create_grace);
  fields.read("healthy_reset", settings.incident.healthy_reset);
  fields.section("backoff", [&](YamlFields& backoff) {
    backoff.read("initial", settings.incident.backoff_initial);
    backoff.read("longest", settings.incident.backoff_longest);
    backoff.read("jitter_percent", settings.incident.backoff_jitter_percent, 0, 100);
  });
}

void read_queries(YamlFields& fields, EvidenceSettings& evidence) {
  const std::vector<std::string> names = fields.keys();
  if (names.size() > kMostEvidenceQueries)
    fields.fault("expected at most " + std::to_string(kMostEvidenceQueries) + " queries");
  for (const std::string& name : names) {
    fields.read(name, "a PromQL query", [&](const std::string& query) -> Outcome<> {
      if (name.size() > kLongestQueryName) return Error{"expected a shorter name"};
      if (const Outcome<> fine = check_query(query); !fine) return fine.error();
      evidence.queries.emplace_back(name, query);
      return Done{};
    });
  }
}

void read_evidence(YamlFields& fields, EvidenceSettings& evidence) {
  fields.read("enabled", evidence.enabled);
  fields.read("timeout", evidence.timeout, Milliseconds(10), kLongestEvidence);
  fields.read("log_lines", evidence.log_lines, 0, kMostLogLines);
  fields.read("max_bytes", evidence.max_bytes, kLeastEvidenceBytes, kMostEvidenceBytes);
  fields.each("mask", "a list of regular expressions", [&](const std::string& text) -> Outcome<> {
    auto pattern = NamePattern::compile(text);
    if (!pattern) return pattern.error();
    evidence.mask.push_back(*std::move(pattern));
    return Done{};
  });
  fields.section("queries", [&](YamlFields& queries) { read_queries(queries, evidence); });
}

void read_root(YamlFields& root, const std::string& folder, RemediatorSettings& settings) {
  root.section("guards", [&](YamlFields& fields) { read_guards(fields, settings); });
  root.section("lease", [&](YamlFields& fields) {
    fields.read("duration", settings.incident.lease, Milliseconds(1000), kLongest);
    fields.read("time_to_live", settings.incident.time_to_live, Milliseconds(1000), kLongest);
  });
  root.section("verification", [&](YamlFields& fields) {
    fields.read("settled", settings.verification.settled);
    fields.read("poll_interval", settings.verification.poll_interval, Milliseconds(50), kLongest);
    fields.read("timeout", settings.verification.timeout);
    if (settings.verification.timeout < settings.verification.settled)
      fields.fault("timeout", "expected at least verification.settled, " +
                                  format_duration(settings.verification.settled) + ", not " +
                                  format_duration(settings.verification.timeout));
  });
  root.section("prometheus", [&](YamlFields& fields) {
    fields.read("timeout", settings.prometheus_timeout, Milliseconds(10), kLongest);
  });
  root.section("evidence", [&](YamlFields& fields) { read_evidence(fields, settings.evidence); });
  root.section("docker", [&](YamlFields& fields) {
    settings.docker_hosts = read_docker_hosts(fields, folder);
  });
  root.section("limits", [&](YamlFields& fields) {
    fields.read("webhook_body_bytes", settings.webhook_body_bytes, 1024, 1 << 30);
    fields.read("concurrent_attempts", settings.guards.concurrent_attempts, 1, 256);
  });
  root.section("journal", [&](YamlFields& fields) {
    // What guards count goes back for a day.
    fields.read("retention", settings.retention.age, kDay, kLongest);
    fields.read("max_bytes", settings.retention.max_bytes, 1 << 20, kMostBytes);
  });
  root.section("watchdog", [&](YamlFields& fields) {
    fields.read("max_silence", settings.watchdog_max_silence);
  });
  root.section("web",
               [&](YamlFields& fields) { fields.read("protect_reads", settings.protect_reads); });
}

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

}  // namespace

Result<RemediatorSettings> read_config(const std::string& path) {
  RemediatorSettings settings;
  if (path.empty()) return settings;
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const auto read =
      read_yaml_file(path, [&](YamlFields& root) { read_root(root, folder, settings); });
  if (!read) return read.error();
  return settings;
}

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
  root["verification"]["settled"] = text(settings.verification.settled);
  root["verification"]["poll_interval"] = text(settings.verification.poll_interval);
  root["verification"]["timeout"] = text(settings.verification.timeout);
  root["prometheus"]["timeout"] = text(settings.prometheus_timeout);
  root["evidence"] = evidence_node(settings.evidence);
  if (!settings.docker_hosts.empty())
    root["docker"]["hosts"] = docker_hosts_node(settings.docker_hosts);
  root["limits"]["webhook_body_bytes"] = settings.webhook_body_bytes;
  root["limits"]["concurrent_attempts"] = settings.guards.concurrent_attempts;
  root["journal"]["retention"] = text(settings.retention.age);
  root["journal"]["max_bytes"] = settings.retention.max_bytes;
  root["watchdog"]["max_silence"] = text(settings.watchdog_max_silence);
  root["web"]["protect_reads"] = settings.protect_reads;
  return YAML::Dump(root) + "\n";
}

CurrentSettings::CurrentSettings(RemediatorSettings settings)
    : settings_(std::make_shared<const RemediatorSettings>(std::move(settings))) {}

std::shared_ptr<const RemediatorSettings> CurrentSettings::get() const {
  const std::lock_guard lock(mutex_);
  return settings_;
}

void CurrentSettings::set(RemediatorSettings settings) {
  auto fresh = std::make_shared<const RemediatorSettings>(std::move(settings));
  const std::lock_guard lock(mutex_);
  settings_ = std::move(fresh);
}

}  // namespace selfheal
