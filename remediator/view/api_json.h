// The JSON that /api/v1 answers with. [pure]
#pragma once

#include <string>
#include <vector>

#include "remediator/decision/facts.h"
#include "remediator/incident/breaker.h"
#include "remediator/incident/incident.h"
#include "remediator/incident/pause.h"
#include "remediator/journal/decision_row.h"
#include "remediator/journal/evidence_row.h"
#include "remediator/journal/outcome_row.h"

namespace selfheal {

// A container as the journal knows it, or a service.
struct ContainerView {
  Incident last;       // open or closed; of a service that of one of its containers, perhaps
  AttemptCount count;  // by its own name
};

// {"incidents": […]} without their alerts, attempts and decisions.
std::string incidents_json(const std::vector<Incident>& incidents, WallTime now);
// One incident with all of them, with what was seen before each attempt, and with what people were
// told of it.
std::string incident_json(const Incident& incident, const std::vector<DecisionRow>& decisions,
                          const std::vector<OutcomeRow>& outcomes,
                          const std::vector<EvidenceRow>& evidence, WallTime now);
// {"containers": […], "pauses": […]}: what the guards that only the journal knows of would say.
std::string containers_json(const std::vector<ContainerView>& containers,
                            const std::vector<Pause>& pauses, const BreakerSettings& breaker,
                            WallTime now);
std::string pause_json(const Pause& pause);

}  // namespace selfheal
