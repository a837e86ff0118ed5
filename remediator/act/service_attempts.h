// What was tried on a service before, whichever of its containers it was for: an update gives all
// of them new names, so what is counted for each by its name would never come to anything.
#pragma once

#include "remediator/decision/facts.h"
#include "remediator/incident/incident.h"
#include "remediator/journal/journal_rows.h"

namespace selfheal {

// Into the facts of an incident whose service is to be updated: in the place of the container's
// attempts within a day, and where they are more, of those that count until it has been healthy;
// and what a person has paused by the service's name.
void count_attempts_on_service(Facts& facts, const Incident& incident, JournalReader& reader,
                               const IncidentSettings& settings);

// The facts as they are in this moment, by the journal: those that it knows of are read anew.
Facts as_of_now(Facts facts, const Incident& incident, JournalReader& reader,
                const IncidentSettings& settings);

// Into the incident, what was found out of it beside the verdict: which service is updated in its
// place and what was tried on that for others, and what its labels grant. Metrics, pages and
// messages then say the same whichever way the service was named. `facts` as_of_now().
void note_judged(Incident& incident, const Facts& facts, JournalReader& reader);

}  // namespace selfheal
