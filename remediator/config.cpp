#include "remediator/config.h"

#include <filesystem>
#include <limits>

#include "remediator/config_sections.h"

namespace selfheal {
namespace {

constexpr Milliseconds kDay = std::chrono::hours(24);
constexpr int kMostBytes = std::numeric_limits<int>::max();

void read_loop(YamlFields& root, RemediatorSettings& settings) {
  root.section({"lease", "For how long an alert counts"}, [&](YamlFields& fields) {
    fields.read({"duration",
                 "From Alertmanager's last word on: three of its repeats; then nothing is begun"},
                settings.incident.lease, Milliseconds(1000), kLongestTime);
    fields.read(
        {"time_to_live", "What could not be acted on for that long expires, and people are told"},
        settings.incident.time_to_live, Milliseconds(1000), kLongestTime);
  });
  root.section({"escalation", "The next step is taken when the one before it did not help"},
               [&](YamlFields& fields) { read_escalation(fields, settings.guards.escalation); });
  root.section({"verification", "When an attempt counts as one that worked"},
               [&](YamlFields& fields) { read_verification(fields, settings.verification); });
  root.section({"prometheus", "The one of `--prometheus.url`"}, [&](YamlFields& fields) {
    fields.read({"timeout", "Of one query; no answer is no permission"},
                settings.prometheus_timeout, Milliseconds(10), kLongestTime);
  });
  root.section({"evidence", "What is kept of a container before each attempt"},
               [&](YamlFields& fields) { read_evidence(fields, settings.evidence); });
}

void read_limits(YamlFields& fields, RemediatorSettings& settings) {
  fields.read({"webhook_body_bytes", "The largest webhook, in bytes"}, settings.webhook_body_bytes,
              1024, 1 << 30);
  fields.read({"concurrent_attempts", "Attempts at once, on all hosts together"},
              settings.guards.concurrent_attempts, 1, 256);
  fields.read({"exec_timeout", "For the command of an `exec:` action"}, settings.exec_timeout,
              Milliseconds(1000), kLongestTime);
}

void read_journal(YamlFields& fields, RetentionSettings& retention) {
  // What guards count goes back for a day.
  fields.read({"retention", "Of what is closed"}, retention.age, kDay, kLongestTime);
  fields.read({"max_bytes", "In use, in bytes; beyond that the oldest that is closed goes earlier"},
              retention.max_bytes, 1 << 20, kMostBytes);
}

void read_root(YamlFields& root, const std::string& folder, RemediatorSettings& settings) {
  root.section({"guards", "What holds attempts back; what Prometheus can see is in the rules"},
               [&](YamlFields& fields) { read_guards(fields, settings); });
  read_loop(root, settings);
  root.section(
      {"docker", "The engines to heal on; read at the start only"},
      [&](YamlFields& fields) { settings.docker_hosts = read_docker_hosts(fields, folder); });
  root.section({"limits", "How much at once"},
               [&](YamlFields& fields) { read_limits(fields, settings); });
  root.section({"journal", "How much of the past is kept"},
               [&](YamlFields& fields) { read_journal(fields, settings.retention); });
  root.section({"watchdog", "The alert that always fires"}, [&](YamlFields& fields) {
    fields.read({"max_silence",
                 "Silent for that long, once it has come at all, `/-/ready` says no; 0 to not look "
                 "at it"},
                settings.watchdog_max_silence);
  });
  root.section({"web", "The pages and the API; read at the start only"}, [&](YamlFields& fields) {
    fields.read(
        {"protect_reads", "With a token: the API's GETs, the pages and `/config` need it too"},
        settings.protect_reads);
  });
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

YamlReference config_reference() {
  RemediatorSettings usual;
  return describe_yaml([&](YamlFields& root) { read_root(root, "", usual); });
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
