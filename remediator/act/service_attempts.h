// What was tried on a service before, whichever of its containers it was for: an update gives all
// of them new names, so what is counted for each by its name would never come to anything.
#pragma once

#include "remediator/config.h"
#include "remediator/decision/facts.h"
#include "remediator/incident/incident.h"
#include "remediator/journal/journal_rows.h"

namespace selfheal {

// Into the facts of a service or a task of one: what a person has paused by the service's name, and
// where the service is to be updated the attempts on it, in the place of the container's within a
// day, and where they are more, of those that count until it has been healthy.
void add_service(Facts& facts, const Incident& incident, JournalReader& reader,
                 const RemediatorSettings& settings);

// The facts as they are in this moment, by the journal: those that it knows of are read anew.
Facts as_of_now(Facts facts, const Incident& incident, JournalReader& reader,
                const RemediatorSettings& settings);

// Into the incident, what was found out of it beside the verdict: which service is updated in its
// place and what was tried on that for others, and what its labels grant. Breakers, pages and
// messages then say the same whichever way the service was named; counters and incident_open go by
// the container. `facts` with add_service(), as they are in this moment where the service is to be
// updated.
void note_judged(Incident& incident, const Facts& facts, JournalReader& reader,
                 const EscalationSettings& escalation);

}  // namespace selfheal
