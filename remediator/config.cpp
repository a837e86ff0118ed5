#include "remediator/config.h"

#include <limits>

#include <yaml-cpp/yaml.h>

#include "common/base/time_text.h"
#include "common/base/yaml_fields.h"

namespace selfheal {
namespace {

constexpr Milliseconds kLongest = std::chrono::hours(24 * 365);
constexpr Milliseconds kDay = std::chrono::hours(24);
constexpr int kMostBytes = std::numeric_limits<int>::max();

void read_guards(YamlFields& fields, RemediatorSettings& settings) {
  fields.read("max_attempts", settings.guards.max_attempts, 1, 1000);
  fields.read("cooldown", settings.guards.cooldown);
  fields.read("healthy_reset", settings.incident.healthy_reset);
  fields.section("backoff", [&](YamlFields& backoff) {
    backoff.read("initial", settings.incident.backoff_initial);
    backoff.read("longest", settings.incident.backoff_longest);
  });
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
  out << YAML::Key << "limits" << YAML::Value << YAML::BeginMap << YAML::Key << "webhook_body_bytes"
      << YAML::Value << settings.webhook_body_bytes << YAML::Key << "concurrent_attempts"
      << YAML::Value << settings.guards.concurrent_attempts << YAML::EndMap;
  out << YAML::Key << "journal" << YAML::Value << YAML::BeginMap << YAML::Key << "retention"
      << YAML::Value << text(settings.retention.age) << YAML::Key << "max_bytes" << YAML::Value
      << settings.retention.max_bytes << YAML::EndMap;
  out << YAML::Key << "watchdog" << YAML::Value << YAML::BeginMap << YAML::Key << "max_silence"
      << YAML::Value << text(settings.watchdog_max_silence) << YAML::EndMap;
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
