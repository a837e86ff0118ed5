// Takes an incident one step further: judges it, acts on it, looks whether the action had its
// effect, verifies; of one that has ended, puts in order what it has left behind. What is about to
// be done is in the journal before it is done.
//
// Steps of one incident never run at the same time (Dispatcher), steps of different ones do.
#pragma once

#include "remediator/act/aftermath.h"
#include "remediator/act/attempt_steps.h"
#include "remediator/act/attempt_verifier.h"
#include "remediator/act/evidence.h"
#include "remediator/act/facts_reader.h"
#include "remediator/act/network_sharers.h"
#include "remediator/act/remedy.h"

namespace selfheal {

class AttemptRunner {
 public:
  // `prometheus` may be null.
  AttemptRunner(Journal& journal, const DockerHosts& hosts, PrometheusApi* prometheus,
                const FactsReader& facts_reader, const StepRecorder& recorder,
                const CurrentSettings& settings, RemediationMetrics& metrics, const Clock& clock);

  // Dispatcher::Step.
  Again step(int64_t incident_id);

 private:
  Again judge(const Incident& incident, Surroundings around);
  // When to come back, while it waits for other attempts and those are still in its way.
  Again still_busy(const Incident& incident, const Surroundings& around, WallTime now) const;
  // All that is to be known now, of a service what people said and what was tried on it before too.
  Facts look(const Incident& incident, Surroundings around, WallTime now,
             const RemediatorSettings& settings) const;
  Again wait(const Incident& incident, const Facts& facts, const Decision& decision);
  // Into the incident, within the transaction; false where the decision would be another one by
  // now.
  bool note_wait(Incident& current, const Facts& facts, const Decision& decision,
                 JournalReader& reader) const;
  Again act(DockerApi& docker, const Incident& incident, const Facts& facts,
            const Decision& decision, const std::optional<EvidenceRow>& evidence);
  // The next look at an attempt that is under way.
  Again go_on(const Incident& incident);
  // Nobody asks an engine that is known to be away, or that is another one than it should be: what
  // the action may have left stopped waits there until it is back. But nothing is verified for
  // ever.
  bool waits_for_engine(const Incident& incident, const DockerHost& host) const;
  // What is to be seen of the action so far.
  Again went(DockerApi& docker, const Incident& incident, const Effect& effect);
  Again not_yet(const Incident& incident, const NotYet& effect) const;
  // Whether Docker may still say of the last attempt what it could have said `since`.
  bool waits_for_word(const Incident& incident, WallTime since) const;
  Again in_effect(DockerApi& docker, const Incident& incident, const InEffect& effect);

  Journal& journal_;
  const DockerHosts& hosts_;
  const FactsReader& facts_reader_;
  const EvidenceKeeper evidence_keeper_;
  const AttemptSteps steps_;
  const NetworkSharers sharers_;
  const Aftermath aftermath_;
  const AttemptVerifier verifier_;
  const CurrentSettings& settings_;
  RemediationMetrics& metrics_;
  const Clock& clock_;
};

}  // namespace selfheal
