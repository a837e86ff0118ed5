// The remediator's configuration: a YAML file to plain structs, checked. None is needed.
//
//   guards:
//     max_attempts: 3        # per container, until it has been healthy for healthy_reset
//     cooldown: 30s          # after an attempt that was not seen to work
//     backoff: {initial: 10s, longest: 5m}
//     healthy_reset: 10m
//   lease: {duration: 45s, time_to_live: 10m}
//   verification: {settled: 10s, poll_interval: 500ms, timeout: 60s}
//   prometheus: {timeout: 2s}
//   evidence:                # what is kept of a container before each attempt (act/evidence.h)
//     enabled: true
//     timeout: 5s            # for all of it; the attempt goes on then, without what is missing
//     log_lines: 100
//     max_bytes: 65536       # of an attempt; the log loses its beginning
//     mask: []               # RE2 on names of environment variables that are secret as well
//     queries: {}            # NAME: 'PromQL, with {{host}} and {{container}} for the strings'
//   limits: {webhook_body_bytes: 4194304, concurrent_attempts: 2}
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "common/base/result.h"
#include "remediator/act/evidence_settings.h"
#include "remediator/act/verification.h"
#include "remediator/decision/decision.h"
#include "remediator/incident/incident.h"

namespace selfheal {

struct RemediatorSettings {
  IncidentSettings incident;
  GuardSettings guards;
  VerificationSettings verification;
  EvidenceSettings evidence;
  Milliseconds prometheus_timeout{2'000};
  int webhook_body_bytes = 4 << 20;
};

// An empty path gives the defaults. The error names file, line, key and what was expected.
Result<RemediatorSettings> read_config(const std::string& path);

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
