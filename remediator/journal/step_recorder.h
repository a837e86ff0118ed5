// One step of an incident into the journal, together with what there is to tell of it: neither is
// ever on disk without the other, and so an outcome is told although this process dies right after.
// Safe from any thread.
#pragma once

#include <functional>
#include <optional>

#include "remediator/config.h"
#include "remediator/journal/journal.h"
#include "remediator/metrics/remediation_metrics.h"

namespace selfheal {

class StepRecorder {
 public:
  struct Step {
    bool fits = false;  // as apply() says; if not, nothing was written
    std::optional<OutcomeKind> told;
  };

  // `wake` gets going whoever tells people, after a commit. Without one nobody is told: outcomes
  // are counted, and given up as soon as they are written.
  StepRecorder(const CurrentSettings& settings, RemediationMetrics& metrics,
               std::function<void()> wake = nullptr);

  // Within a transaction: applies `event` to an incident of the journal and saves it.
  Step take(JournalWriter& writer, Incident& incident, const IncidentEvent& event,
            WallTime now) const;
  // The same of a step that has been applied already: `after` is what became of `before`.
  Step record(JournalWriter& writer, const Incident& before, Incident& after, WallTime now) const;
  // After the commit of what take() or record() returned, once.
  void committed(const Step& step) const;

 private:
  const CurrentSettings& settings_;
  RemediationMetrics& metrics_;
  const std::function<void()> wake_;
};

}  // namespace selfheal
