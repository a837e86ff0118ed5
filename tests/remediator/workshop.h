// The remediator's working parts in one process, on fakes and a clock that a test moves: what
// Remediator wires, without sockets and without threads.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "remediator/act/attempt_runner.h"
#include "remediator/act/clock_keeper.h"
#include "remediator/intake/alert_intake.h"
#include "tests/remediator/engines.h"
#include "tests/remediator/fake_prometheus.h"
#include "tests/support/fake_docker.h"
#include "tests/support/manual_clock.h"
#include "tests/support/temp_folder.h"

namespace selfheal {

class Workshop {
 public:
  enum class Policy { by_prometheus, own_guards_alone };

  // There is one running container, "web", on the host "box".
  explicit Workshop(Policy policy = Policy::by_prometheus);

  // A delivery by Alertmanager of the failure that began `ago`; the ids that were woken.
  std::vector<int64_t> fire(std::chrono::nanoseconds ago = std::chrono::seconds(3),
                            const std::string& action = "restart");
  std::vector<int64_t> resolve(std::chrono::nanoseconds ago);
  static ReceivedAlert alert(AlertStatus status, WallTime starts_at,
                             const std::string& action = "restart");
  IntakeCounts accept(std::vector<ReceivedAlert> alerts);

  // As Dispatcher would: looks at the container's last incident whenever it is due, for as long.
  // Every 15 s the failure that was fired last is delivered again, as long as `repeats` says so.
  void run(std::chrono::nanoseconds duration);
  // One look; when to come back, if that is not what the journal says.
  std::optional<WallTime> step();

  Incident incident();  // the last one of "web", or of the service
  std::vector<DecisionRow> decisions();
  std::vector<std::string> actions() const { return docker.actions(); }
  // What people are told, in order: "failed 1 of 3", from the journal.
  std::vector<std::string> outcomes();
  std::vector<OutcomeRow> outbox();  // what they are still to be told
  std::string metrics_text() const;
  void pause(const PauseTarget& target);  // until resume()
  void resume(const PauseTarget& target);
  // The journal can't be written until it is mended.
  void break_journal();
  void mend_journal();

  bool repeats = true;
  ManualClock clock;                  // the system's
  JournalClock journal_clock{clock};  // what the parts go by
  std::string container = "web";      // what alerts name
  std::string service;                // in its place, where there is one
  TempFolder folder;
  FakeDocker docker{clock};
  FakePrometheus prometheus;
  DockerHosts hosts{{borrowed(docker)}, journal_clock, Milliseconds(3'600'000)};
  CurrentSettings settings{RemediatorSettings{}};
  RemediationMetrics metrics;
  std::unique_ptr<Journal> journal;
  std::unique_ptr<ClockKeeper> clock_keeper;
  int outcome_wakes = 0;
  StepRecorder recorder{settings, metrics, [this] { ++outcome_wakes; }};
  std::unique_ptr<FactsReader> facts_reader;
  std::unique_ptr<AttemptRunner> runner;
  std::unique_ptr<AlertIntake> intake;

 private:
  // As Dispatcher does, when the clock was set.
  void keep_clock();

  // As fire() and resolve() deliver it.
  ReceivedAlert told(AlertStatus status, WallTime starts_at, const std::string& action) const;
  std::vector<int64_t> woken_;
  std::optional<ReceivedAlert> last_fired_;
  WallTime last_delivery_;
  std::optional<WallTime> again_at_;
};

}  // namespace selfheal
