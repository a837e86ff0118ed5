#include "remediator/config.h"

#include <yaml-cpp/yaml.h>

#include "common/base/time_text.h"
#include "common/base/yaml_fields.h"
#include "remediator/act/evidence_document.h"

namespace selfheal {
namespace {

constexpr Milliseconds kLongest = std::chrono::hours(24 * 365);
constexpr Milliseconds kLongestEvidence{60'000};  // a container waits for it, broken
constexpr int kMostLogLines = 10'000;
constexpr int kMostEvidenceBytes = 16 << 20;

void read_guards(YamlFields& fields, RemediatorSettings& settings) {
  fields.read("max_attempts", settings.guards.max_attempts, 1, 1000);
  fields.read("cooldown", settings.guards.cooldown);
  fields.read("healthy_reset", settings.incident.healthy_reset);
  fields.section("backoff", [&](YamlFields& backoff) {
    backoff.read("initial", settings.incident.backoff_initial);
    backoff.read("longest", settings.incident.backoff_longest);
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

void read_root(YamlFields& root, RemediatorSettings& settings) {
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
  root.section("limits", [&](YamlFields& fields) {
    fields.read("webhook_body_bytes", settings.webhook_body_bytes, 1024, 1 << 30);
    fields.read("concurrent_attempts", settings.guards.concurrent_attempts, 1, 256);
  });
}

void write_evidence(YAML::Emitter& out, const EvidenceSettings& evidence) {
  out << YAML::Key << "evidence" << YAML::Value << YAML::BeginMap << YAML::Key << "enabled"
      << YAML::Value << evidence.enabled << YAML::Key << "timeout" << YAML::Value
      << format_duration(evidence.timeout) << YAML::Key << "log_lines" << YAML::Value
      << evidence.log_lines << YAML::Key << "max_bytes" << YAML::Value << evidence.max_bytes;
  out << YAML::Key << "mask" << YAML::Value << YAML::BeginSeq;
  for (const NamePattern& pattern : evidence.mask) out << YAML::DoubleQuoted << pattern.text();
  out << YAML::EndSeq << YAML::Key << "queries" << YAML::Value << YAML::BeginMap;
  for (const auto& [name, query] : evidence.queries)
    out << YAML::Key << YAML::DoubleQuoted << name << YAML::Value << YAML::DoubleQuoted << query;
  out << YAML::EndMap << YAML::EndMap;
}

}  // namespace

Result<RemediatorSettings> read_config(const std::string& path) {
  RemediatorSettings settings;
  if (path.empty()) return settings;
  const auto read = read_yaml_file(path, [&](YamlFields& root) { read_root(root, settings); });
  if (!read) return read.error();
  return settings;
}

std::string to_yaml(const RemediatorSettings& settings) {
  const auto text = [](Milliseconds duration) { return format_duration(duration); };
  YAML::Emitter out;
  out << YAML::BeginMap;
  out << YAML::Key << "guards" << YAML::Value << YAML::BeginMap << YAML::Key << "max_attempts"
      << YAML::Value << settings.guards.max_attempts << YAML::Key << "cooldown" << YAML::Value
      << text(settings.guards.cooldown) << YAML::Key << "healthy_reset" << YAML::Value
      << text(settings.incident.healthy_reset) << YAML::Key << "backoff" << YAML::Value
      << YAML::BeginMap << YAML::Key << "initial" << YAML::Value
      << text(settings.incident.backoff_initial) << YAML::Key << "longest" << YAML::Value
      << text(settings.incident.backoff_longest) << YAML::EndMap << YAML::EndMap;
  out << YAML::Key << "lease" << YAML::Value << YAML::BeginMap << YAML::Key << "duration"
      << YAML::Value << text(settings.incident.lease) << YAML::Key << "time_to_live" << YAML::Value
      << text(settings.incident.time_to_live) << YAML::EndMap;
  out << YAML::Key << "verification" << YAML::Value << YAML::BeginMap << YAML::Key << "settled"
      << YAML::Value << text(settings.verification.settled) << YAML::Key << "poll_interval"
      << YAML::Value << text(settings.verification.poll_interval) << YAML::Key << "timeout"
      << YAML::Value << text(settings.verification.timeout) << YAML::EndMap;
  out << YAML::Key << "prometheus" << YAML::Value << YAML::BeginMap << YAML::Key << "timeout"
      << YAML::Value << text(settings.prometheus_timeout) << YAML::EndMap;
  write_evidence(out, settings.evidence);
  out << YAML::Key << "limits" << YAML::Value << YAML::BeginMap << YAML::Key << "webhook_body_bytes"
      << YAML::Value << settings.webhook_body_bytes << YAML::Key << "concurrent_attempts"
      << YAML::Value << settings.guards.concurrent_attempts << YAML::EndMap;
  out << YAML::EndMap;
  return std::string(out.c_str()) + "\n";
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
