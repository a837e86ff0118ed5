// What the page at `/incidents/ID` shows: all that the journal has of one incident. [pure]
//
// The part that the script asks for again, as overview.h. Of a closed incident it is the same each
// time, so the script leaves it alone.
#pragma once

#include <string>
#include <vector>

#include "remediator/incident/incident.h"
#include "remediator/journal/decision_row.h"
#include "remediator/journal/evidence_row.h"
#include "remediator/journal/outcome_row.h"

namespace selfheal {

struct IncidentStory {
  Incident incident;
  std::vector<DecisionRow> decisions;
  std::vector<OutcomeRow> outcomes;
  std::vector<EvidenceRow> evidence;
};

std::string render(const IncidentStory& story, WallTime now);

}  // namespace selfheal
