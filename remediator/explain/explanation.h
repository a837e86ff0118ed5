// What `explain` says of one alert, as a line for a person or of JSON. [pure]
#pragma once

#include <optional>
#include <string>

#include "remediator/decision/decision.h"
#include "remediator/intake/delivery.h"
#include "remediator/journal/decision_row.h"

namespace selfheal {

struct Explanation {
  DeliveryKind delivery = DeliveryKind::for_people;
  bool of_the_past = false;  // it was so, as the journal has it; else it would be so
  int64_t incident_id = 0;   // 0: none that is in the journal
  // Where an attempt is under way nothing is decided until it is over.
  std::optional<IncidentState> under_way;
  // The decision: of the past as the journal has it, else as it would be made now. Nothing where
  // none is made of such a delivery, or none was made before the incident ended.
  std::optional<DecisionRow> decision;
};

std::string to_text(const ReceivedAlert& alert, const Explanation& explanation);
std::string to_json(const ReceivedAlert& alert, const Explanation& explanation);

}  // namespace selfheal
