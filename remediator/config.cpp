#include "remediator/config.h"

#include <filesystem>
#include <limits>

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

void read_steps(YamlFields& fields, const std::string& key, std::vector<HealingStep>& steps) {
  if (!fields.has(key)) return;
  steps.clear();
  fields.each(key, "a list of actions", [&](const std::string& text) -> Outcome<> {
    auto step = parse_step(text);
    if (!step) return step.error();
    steps.push_back(*std::move(step));
    return Done{};
  });
  if (steps.empty()) fields.fault(key, "expected at least one action");
}

void read_escalation(YamlFields& fields, EscalationSettings& escalation) {
  read_steps(fields, "restart", escalation.of_restart);
  fields.section("alerts", [&](YamlFields& alerts) {
    for (const std::string& name : alerts.keys()) read_steps(alerts, name, escalation.alerts[name]);
  });
}

void read_verification_query(YamlFields& fields, std::string& query) {
  fields.read("query", "a PromQL query", [&](const std::string& text) -> Outcome<> {
    if (text.empty()) return Done{};
    if (Outcome<> fine = check_query(text); !fine) return fine;
    query = text;
    return Done{};
  });
}

void read_verification_change(YamlFields& fields, VerificationChange& change) {
  const auto read = [&fields](const char* key, std::optional<Milliseconds>& value) {
    if (!fields.has(key)) return;
    Milliseconds given{};
    fields.read(key, given);
    value = given;
  };
  read("settled", change.settled);
  read("timeout", change.timeout);
  read_verification_query(fields, change.query);
}

void read_verification(YamlFields& fields, VerificationSettings& verification) {
  fields.read("settled", verification.settled);
  fields.read("poll_interval", verification.poll_interval, Milliseconds(50), kLongest);
  fields.read("timeout", verification.timeout);
  read_verification_query(fields, verification.query);
  fields.map("actions", [&](const std::string& name, YamlFields& action) {
    if (!parse_action(name)) action.fault("\"" + name + "\" is not an action");
    read_verification_change(action, verification.actions[name]);
  });
  fields.map("alerts", [&](const std::string& name, YamlFields& alert) {
    read_verification_change(alert, verification.alerts[name]);
  });
  if (verification.timeout < verification.settled)
    fields.fault("timeout", "expected at least verification.settled, " +
                                format_duration(verification.settled) + ", not " +
                                format_duration(verification.timeout));
}

void read_root(YamlFields& root, const std::string& folder, RemediatorSettings& settings) {
  root.section("guards", [&](YamlFields& fields) { read_guards(fields, settings); });
  root.section("lease", [&](YamlFields& fields) {
    fields.read("duration", settings.incident.lease, Milliseconds(1000), kLongest);
    fields.read("time_to_live", settings.incident.time_to_live, Milliseconds(1000), kLongest);
  });
  root.section("escalation",
               [&](YamlFields& fields) { read_escalation(fields, settings.guards.escalation); });
  root.section("verification",
               [&](YamlFields& fields) { read_verification(fields, settings.verification); });
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
    fields.read("exec_timeout", settings.exec_timeout, Milliseconds(1000), kLongest);
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

std::string folder_of(const std::string& file) {
  return std::filesystem::path(file).parent_path().string();
}

}  // namespace

Result<RemediatorSettings> read_config(const std::string& path) {
  RemediatorSettings settings;
  if (path.empty()) return settings;
  const auto read =
      read_yaml_file(path, [&](YamlFields& root) { read_root(root, folder_of(path), settings); });
  if (!read) return read.error();
  return settings;
}

Result<RemediatorSettings> read_config_text(const std::string& text, const std::string& name) {
  RemediatorSettings settings;
  const auto read = read_yaml_text(
      text, name, [&](YamlFields& root) { read_root(root, folder_of(name), settings); });
  if (!read) return read.error();
  return settings;
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
