// What was tried on a service before, whichever of its containers it was for: an update gives all
// of them new names, so what is counted for each by its name would never come to anything.
#pragma once

#include "remediator/decision/facts.h"
#include "remediator/incident/incident.h"
#include "remediator/journal/journal_rows.h"

namespace selfheal {

// Into the facts of an incident whose service is to be updated: in the place of the container's
// attempts within a day, and where they are more, of those that count until it has been healthy.
void count_attempts_on_service(Facts& facts, const Incident& incident, JournalReader& reader,
                               const IncidentSettings& settings);

// [pure] How many of `attempts`, ascending, were made without a time of health as long as
// `healthy_reset` after one of them. `failing_since` is when what is to be healed now began.
int attempts_in_a_row(const std::vector<AttemptSpan>& attempts, WallTime failing_since,
                      Milliseconds healthy_reset);

}  // namespace selfheal
