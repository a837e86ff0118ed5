// Takes an open incident one step further: judges it, acts on it, looks whether the action had its
// effect, verifies. What is about to be done is in the journal before it is done.
//
// Steps of one incident never run at the same time (Dispatcher), steps of different ones do.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "remediator/act/evidence.h"
#include "remediator/act/facts_reader.h"
#include "remediator/act/stop_timeout.h"
#include "remediator/act/verification.h"
#include "remediator/config.h"
#include "remediator/journal/journal.h"
#include "remediator/journal/step_recorder.h"
#include "remediator/view/remediation_metrics.h"

namespace selfheal {

class AttemptRunner {
 public:
  // `prometheus` may be null.
  AttemptRunner(Journal& journal, const DockerHosts& hosts, PrometheusApi* prometheus,
                const FactsReader& facts_reader, const StepRecorder& recorder,
                const CurrentSettings& settings, RemediationMetrics& metrics, const Clock& clock);

  // Dispatcher::Step.
  std::optional<WallTime> step(int64_t incident_id);

 private:
  using Again = std::optional<WallTime>;

  Again judge(const Incident& incident, Surroundings around);
  // When to come back, while it waits for other attempts and those are still in its way.
  Again still_busy(const Incident& incident, const Surroundings& around, WallTime now) const;
  Again wait(const Incident& incident, const Facts& facts, const Decision& decision);
  Again act(DockerApi& docker, const Incident& incident, const Facts& facts,
            const Decision& decision, const std::optional<EvidenceRow>& evidence);
  static DockerResult<Done> call_docker(DockerApi& docker, const Attempt& attempt, Action action);
  // An action whose effect is not known: after an error, a timeout, or this process's own death.
  Again look_at_effect(const Incident& incident);
  Again start_what_was_left_stopped(DockerApi& docker, const Incident& incident);
  Again verify(const Incident& incident);
  Again recovered(const Incident& incident, WallTime now);
  Again fail(const Incident& incident, AttemptResult result, const std::string& detail);
  // The attempt's container; its host unreachable without asking where that is known.
  static DockerResult<ContainerDetails> inspect(const DockerHost& host, const Attempt& attempt);

  using Condition = std::function<bool(JournalReader&)>;
  // Journals `event`, with the decision that led to it; nothing when the journal can't be written,
  // the incident has moved on meanwhile, or `only_if` says no within the transaction.
  std::optional<Incident> commit(const Incident& incident, const IncidentEvent& event,
                                 const DecisionRow* decision = nullptr,
                                 const Condition& only_if = nullptr);
  Again after(const std::optional<Incident>& committed) const;

  Journal& journal_;
  const DockerHosts& hosts_;
  PrometheusApi* prometheus_;
  const FactsReader& facts_reader_;
  const EvidenceKeeper evidence_keeper_;
  const StepRecorder& recorder_;
  const CurrentSettings& settings_;
  RemediationMetrics& metrics_;
  const Clock& clock_;
};

}  // namespace selfheal
