// Accepted alerts into the journal: what deliver() makes of them, within one transaction, so that
// what is answered with 200 is on disk. Safe from any thread.
#pragma once

#include <functional>
#include <vector>

#include "remediator/config.h"
#include "remediator/intake/alert_parser.h"
#include "remediator/intake/delivery.h"
#include "remediator/journal/journal.h"
#include "remediator/journal/step_recorder.h"
#include "remediator/metrics/remediation_metrics.h"

namespace selfheal {

struct IntakeCounts {
  int accepted = 0;      // opened or renewed an incident, or resolved one
  int ignored = 0;       // for people, or of a failure that is over
  WallTime received_at;  // as the journal has it
};

class AlertIntake {
 public:
  // `wake` gets the incidents that changed, after the commit.
  using Wake = std::function<void(const std::vector<int64_t>& incident_ids)>;

  AlertIntake(Journal& journal, const StepRecorder& recorder, const CurrentSettings& settings,
              RemediationMetrics& metrics, const Clock& clock, Wake wake);

  Result<IntakeCounts, JournalFault> accept(const WebhookPayload& payload);

 private:
  struct Change {
    Incident incident;
    DeliveryKind kind;
    StepRecorder::Step step = {};
  };

  // What changed, or nothing where the alert says nothing new of any incident.
  std::optional<Change> take(JournalWriter& writer, const ReceivedAlert& alert, WallTime now);
  void count(const WebhookPayload& payload, WallTime now);

  Journal& journal_;
  const StepRecorder& recorder_;
  const CurrentSettings& settings_;
  RemediationMetrics& metrics_;
  const Clock& clock_;
  const Wake wake_;
};

}  // namespace selfheal
