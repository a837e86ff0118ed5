#include "remediator/config.h"

#include <filesystem>
#include <limits>

#include "common/base/time_text.h"
#include "common/base/yaml_fields.h"
#include "remediator/act/promql.h"

namespace selfheal {
namespace {

constexpr Milliseconds kLongest = std::chrono::hours(24 * 365);
constexpr Milliseconds kDay = std::chrono::hours(24);
constexpr int kMostBytes = std::numeric_limits<int>::max();
constexpr Milliseconds kLongestEvidence{60'000};  // a container waits for it, broken
constexpr int kMostLogLines = 10'000;
constexpr int kMostEvidenceBytes = 16 << 20;

void read_budgets(YamlFields& fields, GuardSettings& guards) {
  fields.section({"budget", "Attempts for one container, whatever came of them"},
                 [&](YamlFields& budget) {
                   budget.read({"per_hour", "Within an hour; label `selfheal.budget-per-hour`"},
                               guards.budget.per_hour, 1, 100'000);
                   budget.read({"per_day", "Within 24 hours; label `selfheal.budget-per-day`"},
                               guards.budget.per_day, 1, 100'000);
                 });
  fields.section({"host_budget", "Attempts for all containers of a host together"},
                 [&](YamlFields& budget) {
                   budget.read({"per_hour", "Within an hour"}, guards.host_budget, 1, 100'000);
                 });
}

void read_backoff(YamlFields& backoff, IncidentSettings& incident) {
  backoff.read({"initial", "Before the second attempt; doubled before each further one"},
               incident.backoff_initial);
  backoff.read({"longest", "No wait is longer"}, incident.backoff_longest);
  backoff.read(
      {"jitter_percent",
       "By how much a wait may be longer or shorter at random, so that what broke together "
       "is not restarted together"},
      incident.backoff_jitter_percent, 0, 100);
}

void read_guards(YamlFields& fields, RemediatorSettings& settings) {
  GuardSettings& guards = settings.guards;
  fields.read(
      {"protected", "Containers or groups that are never acted on, with `*` and `?` as in a shell"},
      guards.protected_names);
  fields.read({"max_attempts",
               "Attempts in a row for a container; then its breaker opens and people are told"},
              guards.max_attempts, 1, 1000);
  read_budgets(fields, guards);
  fields.read({"cooldown",
               "For how long a container is left alone after an attempt that was not seen to work; "
               "label `selfheal.cooldown`"},
              guards.cooldown);
  fields.read(
      {"start_grace",
       "For how long it is left alone after its start, or for its `selfheal.start-period` if "
       "that is longer; label `selfheal.start-grace`"},
      guards.start_grace);
  fields.read({"create_grace",
               "For how long it is left alone after its creation: a deployment may be under way"},
              guards.create_grace);
  fields.read(
      {"healthy_reset",
       "Healthy for that long, a container's attempts are forgotten and its breaker closes; "
       "with a year only a person closes it"},
      settings.incident.healthy_reset);
  fields.section({"backoff", "The wait between a container's attempts"},
                 [&](YamlFields& backoff) { read_backoff(backoff, settings.incident); });
}

void read_queries(YamlFields& fields, EvidenceSettings& evidence) {
  const std::vector<std::string> names = fields.keys();
  if (names.size() > kMostEvidenceQueries)
    fields.fault("expected at most " + std::to_string(kMostEvidenceQueries) + " queries");
  for (const std::string& name : names) {
    const YamlKey key(name,
                      "`{{host}}` and `{{container}}` in it stand for their names as strings");
    fields.read(key, "a PromQL query", [&](const std::string& query) -> Outcome<> {
      if (name.size() > kLongestQueryName) return Error{"expected a shorter name"};
      if (const Outcome<> fine = check_query(query); !fine) return fine.error();
      evidence.queries.emplace_back(name, query);
      return Done{};
    });
  }
}

void read_evidence(YamlFields& fields, EvidenceSettings& evidence) {
  fields.read({"enabled", "Whether anything is collected"}, evidence.enabled);
  fields.read({"timeout", "For all of it; then the attempt goes on without what is missing"},
              evidence.timeout, Milliseconds(10), kLongestEvidence);
  fields.read({"log_lines", "How many of the container's last log lines"}, evidence.log_lines, 0,
              kMostLogLines);
  fields.read({"max_bytes", "Of one attempt, as JSON; the log loses its beginning"},
              evidence.max_bytes, kLeastEvidenceBytes, kMostEvidenceBytes);
  const YamlKey mask("mask",
                     "Names of environment variables (RE2) whose values are secret as well, beside "
                     "those that look so");
  fields.each(mask, "a list of regular expressions", [&](const std::string& text) -> Outcome<> {
    auto pattern = NamePattern::compile(text);
    if (!pattern) return pattern.error();
    evidence.mask.push_back(*std::move(pattern));
    return Done{};
  });
  fields.section({"queries", "What Prometheus is asked, each by a name of yours"},
                 [&](YamlFields& queries) { read_queries(queries, evidence); });
}

// As it would stand in the file.
std::string steps_text(const std::vector<HealingStep>& steps) {
  std::string text;
  for (const HealingStep& step : steps) text += (text.empty() ? "" : ", ") + to_text(step);
  return "`[" + text + "]`";
}

void read_steps(YamlFields& fields, const YamlKey& described, std::vector<HealingStep>& steps) {
  const std::string& key = described.name;
  if (!fields.has(key)) return fields.skip(described);
  steps.clear();
  fields.each(described, "a list of actions", [&](const std::string& text) -> Outcome<> {
    auto step = parse_step(text);
    if (!step) return step.error();
    steps.push_back(*std::move(step));
    return Done{};
  });
  if (steps.empty()) fields.fault(key, "expected at least one action");
}

void read_escalation(YamlFields& fields, EscalationSettings& escalation) {
  const std::string usual = steps_text(escalation.of_restart);
  read_steps(fields, {"restart", "Where an alert asks for a restart", usual},
             escalation.of_restart);
  fields.section({"alerts", "By alertname, in the place of what the alert asks for"},
                 [&](YamlFields& alerts) {
                   for (const std::string& name : alerts.keys()) {
                     const YamlKey key(name, "Such as `[restart 90s, kill, 'exec:CMD ARG']`");
                     read_steps(alerts, key, escalation.alerts[name]);
                   }
                 });
}

void read_verification_query(YamlFields& fields, std::string& query) {
  const YamlKey key(
      "query",
      "In the place of what the probes say: proven when it has a sample that is not 0, "
      "with the labels `host` and `container`, in which `{{host}}` and "
      "`{{container}}` may stand");
  fields.read(key, "a PromQL query", [&](const std::string& text) -> Outcome<> {
    if (text.empty()) return Done{};
    if (Outcome<> fine = check_query(text); !fine) return fine;
    query = text;
    return Done{};
  });
}

void read_verification_change(YamlFields& fields, VerificationChange& change) {
  const auto read = [&fields](const YamlKey& key, std::optional<Milliseconds>& value) {
    if (!fields.has(key.name)) return fields.skip(key);
    Milliseconds given{};
    fields.read(key, given);
    value = given;
  };
  constexpr const char* kUsual = "as `verification` has it";
  read({"settled", "Healthy for that long since the container's start", kUsual}, change.settled);
  read({"timeout", "From the action to the verdict that it did not help", kUsual}, change.timeout);
  read_verification_query(fields, change.query);
}

void read_verification(YamlFields& fields, VerificationSettings& verification) {
  fields.read({"settled", "Healthy for that long since the container's start"},
              verification.settled);
  fields.read({"poll_interval", "How often Prometheus is asked"}, verification.poll_interval,
              Milliseconds(50), kLongest);
  fields.read({"timeout",
               "From the action to the verdict that it did not help; longer where the container's "
               "start period and interval need it"},
              verification.timeout);
  read_verification_query(fields, verification.query);
  fields.map({"actions", "What is different for an action, such as `recreate`"},
             [&](const std::string& name, YamlFields& action) {
               if (!parse_action(name)) action.fault("\"" + name + "\" is not an action");
               read_verification_change(action, verification.actions[name]);
             });
  fields.map({"alerts", "The same by alertname, which wins over the action's"},
             [&](const std::string& name, YamlFields& alert) {
               read_verification_change(alert, verification.alerts[name]);
             });
  if (verification.timeout < verification.settled)
    fields.fault("timeout", "expected at least verification.settled, " +
                                format_duration(verification.settled) + ", not " +
                                format_duration(verification.timeout));
}

void read_loop(YamlFields& root, RemediatorSettings& settings) {
  root.section({"lease", "For how long an alert counts"}, [&](YamlFields& fields) {
    fields.read({"duration",
                 "From Alertmanager's last word on: three of its repeats; then nothing is begun"},
                settings.incident.lease, Milliseconds(1000), kLongest);
    fields.read(
        {"time_to_live", "What could not be acted on for that long expires, and people are told"},
        settings.incident.time_to_live, Milliseconds(1000), kLongest);
  });
  root.section({"escalation", "The next step is taken when the one before it did not help"},
               [&](YamlFields& fields) { read_escalation(fields, settings.guards.escalation); });
  root.section({"verification", "When an attempt counts as one that worked"},
               [&](YamlFields& fields) { read_verification(fields, settings.verification); });
  root.section({"prometheus", "The one of `--prometheus.url`"}, [&](YamlFields& fields) {
    fields.read({"timeout", "Of one query; no answer is no permission"},
                settings.prometheus_timeout, Milliseconds(10), kLongest);
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
              Milliseconds(1000), kLongest);
}

void read_journal(YamlFields& fields, RetentionSettings& retention) {
  // What guards count goes back for a day.
  fields.read({"retention", "Of what is closed"}, retention.age, kDay, kLongest);
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
