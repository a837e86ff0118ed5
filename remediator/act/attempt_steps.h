// The steps of an attempt as they are written down, counted and logged. Each is in the journal
// before anything follows from it. Safe from any thread.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "remediator/journal/journal.h"
#include "remediator/journal/step_recorder.h"
#include "remediator/metrics/remediation_metrics.h"

namespace selfheal {

// When to look at an incident again; nothing: when the journal says.
using Again = std::optional<WallTime>;

class AttemptSteps {
 public:
  AttemptSteps(Journal& journal, const StepRecorder& recorder, RemediationMetrics& metrics,
               const Clock& clock);

  // Asked within the transaction, with the incident as it is then, which it may bring up to date.
  using Condition = std::function<bool(JournalReader&, Incident&)>;
  // Journals `event`, with the decision that led to it; nothing when the journal can't be written,
  // the incident or the clock has moved on meanwhile, or `only_if` says no within the transaction.
  std::optional<Incident> commit(const Incident& incident, const IncidentEvent& event,
                                 const DecisionRow* decision = nullptr,
                                 const Condition& only_if = nullptr) const;
  // Whether its times are still those of the journal: no clock was set since it was read.
  bool is_as_read(const Incident& incident) const;
  // Journals a decision within an attempt, which goes on and from now on owes what comes of that
  // decision; false when nothing was written, as above.
  bool note(const Incident& incident, const DecisionRow& decision,
            const std::function<bool(JournalReader&)>& only_if) const;
  // Of an incident that has ended: what was put in order since; and that nothing is left to be,
  // with the decision to leave it so, if there is one. False when it could not be written.
  void add(const Incident& incident, const DecisionRow& decision) const;
  bool owes_nothing(const Incident& incident, const DecisionRow* decision = nullptr) const;
  // Where nothing was committed, the journal may be in trouble: not at once again.
  Again after(const std::optional<Incident>& committed) const;

  // The ends of an attempt.
  Again recovered(const Incident& incident) const;
  Again stopped(const Incident& incident) const;
  Again fail(const Incident& incident, AttemptResult result, const std::string& detail) const;

 private:
  Journal& journal_;
  const StepRecorder& recorder_;
  RemediationMetrics& metrics_;
  const Clock& clock_;
};

}  // namespace selfheal
