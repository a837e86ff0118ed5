// The remediator's working parts in one process, on a real Docker Engine and the real clock; only
// Prometheus is a fake. Another one on the same journal is the next process: it goes on where the
// last one was killed.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "remediator/act/attempt_runner.h"
#include "remediator/intake/alert_intake.h"
#include "tests/remediator/engines.h"
#include "tests/remediator/fake_prometheus.h"
#include "tests/support/forwarding_docker.h"

namespace selfheal {

// Thrown out of a call of Docker's, it ends a step as SIGKILL would: nothing after it is done.
struct Killed {};

class EngineWorkshop {
 public:
  // `docker` and `prometheus` outlive it; `journal` is a file.
  EngineWorkshop(DockerApi& docker, PrometheusApi& prometheus, const std::string& journal,
                 std::string container);

  // A delivery by Alertmanager, of a failure that has just begun.
  void fire(const std::string& action = "restart");
  // And that it is over.
  void resolve();
  // A person's pause of a container.
  void pause(const std::string& container);
  // Looks at the incident whenever it is due, as Dispatcher would, until it has come to that; false
  // when it does not in time. One that is over is looked at as long as it owes something.
  bool run_until(const std::function<bool(const Incident&)>& there);
  bool run_to_the_end(IncidentOutcome outcome);
  // Of the last attempt.
  bool run_to_a_result(AttemptResult result);

  Incident incident();  // the container's last one
  Attempt last_attempt() { return incident().attempts.back(); }
  // What was written down of those that share its network.
  std::string shared_network();

 private:
  void deliver(AlertStatus status, const std::string& action);

  SystemClock clock_;
  const std::string container_;
  ForwardingDocker docker_;
  DockerHosts hosts_;
  CurrentSettings settings_;
  RemediationMetrics metrics_;
  std::unique_ptr<Journal> journal_;
  StepRecorder recorder_;
  FactsReader facts_reader_;
  AttemptRunner runner_;
  AlertIntake intake_;
  std::optional<WallTime> again_at_;
};

}  // namespace selfheal
