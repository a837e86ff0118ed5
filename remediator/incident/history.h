// What an incident was at an earlier time, as far as its rows tell. [pure]
#pragma once

#include "remediator/incident/incident.h"

namespace selfheal {

// Right before `at`: what has happened since, and at that very time, is taken back. It must have
// been opened before. When an alert resolved is not kept: as long as the incident goes on, all that
// were known by then count as firing. Leases, pauses and a person's reset stay as they are now.
Incident as_of(Incident incident, WallTime at);

}  // namespace selfheal
