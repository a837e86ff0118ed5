// The remediator's configuration: a YAML file to plain structs, checked. None is needed.
//
//   guards:
//     protected: []          # containers or groups that are never acted on, as in a shell: db-*
//     max_attempts: 3        # per container, until it has been healthy for healthy_reset
//     budget: {per_hour: 5, per_day: 20}  # attempts for a container, whatever came of them; as
//                            # cooldown and start_grace, by label too (decision/granted.h)
//     host_budget: {per_hour: 30}         # for all containers of a host
//     cooldown: 30s          # after an attempt that was not seen to work
//     start_grace: 10s       # after a container's start, or its selfheal.start-period if longer
//     create_grace: 10s      # after its creation: a deployment may be under way
//     backoff: {initial: 10s, longest: 5m, jitter_percent: 25}
//     healthy_reset: 10m     # a year is as good as never: then only a person resets the breaker
//   lease: {duration: 45s, time_to_live: 10m}
//   escalation:              # the next step is taken when one did not help (decision/escalation.h)
//     restart: [restart, kill]  # where an alert asks for a restart
//     alerts: {}             # ALERTNAME: [restart, recreate 2m, 'exec:CMD ARG']
//   verification:
//     settled: 10s           # healthy for that long since the container's start
//     poll_interval: 500ms
//     timeout: 60s           # from the action to the verdict that it did not help
//     query: ''              # PromQL in the place of the probes, as evidence.queries; it keeps the
//                            # labels host and container
//     actions: {}            # recreate: {settled: …, timeout: …, query: …}
//     alerts: {}             # ALERTNAME: the same
//   prometheus: {timeout: 2s}
//   evidence:                # what is kept of a container before each attempt (act/evidence.h)
//     enabled: true
//     timeout: 5s            # for all of it; the attempt goes on then, without what is missing
//     log_lines: 100
//     max_bytes: 65536       # of an attempt; the log loses its beginning
//     mask: []               # RE2 on names of environment variables that are secret as well
//     queries: {}            # NAME: 'PromQL, with {{host}} and {{container}} for the strings'
//   docker: {hosts: []}      # several engines, each {name, url, cert_path} (docker_settings.h);
//                            # from the next start on
//   limits: {webhook_body_bytes: 4194304, concurrent_attempts: 2, exec_timeout: 30s}
//   journal:
//     retention: 90d         # of what is closed, at least 1d
//     max_bytes: 536870912   # the oldest that is closed goes before that
//   web: {protect_reads: false}  # with a token: the API's GETs, the pages and /config need it too;
//                                # from the next start on
//   watchdog: {max_silence: 5m}  # then not ready, once one has come at all; 0 to not look at it
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "remediator/act/evidence_settings.h"
#include "remediator/act/verification.h"
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
