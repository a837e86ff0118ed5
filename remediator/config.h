// The remediator's configuration: a YAML file to plain structs, checked. None is needed.
// CONFIGURATION.md has all of it, made from config.cpp and its sections, where each key stands with
// what it is.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/base/yaml_reference.h"
#include "remediator/act/evidence_settings.h"
#include "remediator/act/verification_settings.h"
#include "remediator/decision/decision.h"
#include "remediator/docker_settings.h"
#include "remediator/incident/incident.h"
#include "remediator/journal/retention_settings.h"

namespace selfheal {

struct RemediatorSettings {
  IncidentSettings incident;
  GuardSettings guards;
  VerificationSettings verification;
  EvidenceSettings evidence;
  Milliseconds prometheus_timeout{2'000};
  std::vector<DockerEndpoint> docker_hosts;  // empty: the one of --docker.host; at the start only
  Milliseconds exec_timeout{30'000};         // for the command of an exec
  int webhook_body_bytes = 4 << 20;
  RetentionSettings retention;
  Milliseconds watchdog_max_silence{300'000};  // 0: however long
  bool protect_reads = false;                  // read at the start only

  BreakerSettings breaker() const {
    return {guards.max_attempts, guards.budget, incident.healthy_reset};
  }
};

// An empty path gives the defaults. The error names file, line, key and what was expected.
Result<RemediatorSettings> read_config(const std::string& path);

// The same of a file's text; `name` stands in for the file's.
Result<RemediatorSettings> read_config_text(const std::string& text, const std::string& name);

// Every key of the file, for the reference.
YamlReference config_reference();

// The settings as the YAML that would bring them about, for /config. There are no secrets in them.
std::string to_yaml(const RemediatorSettings& settings);

// The settings in force; replaced as a whole by a reload. Safe from any thread.
class CurrentSettings {
 public:
  explicit CurrentSettings(RemediatorSettings settings);
  std::shared_ptr<const RemediatorSettings> get() const;
  void set(RemediatorSettings settings);

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const RemediatorSettings> settings_;
};

}  // namespace selfheal
