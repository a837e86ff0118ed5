// What one delivered alert does to the incident of its container, before anything is decided.
// [pure]
//
// AlertIntake does it to the journal; this says what that is, for `explain`, which changes nothing.
#pragma once

#include <optional>
#include <string_view>

#include "remediator/incident/incident.h"
#include "remediator/intake/alert_parser.h"

namespace selfheal {

enum class DeliveryKind {
  // Ignored.
  for_people,         // it asks for no action
  already_recovered,  // of a failure that was closed as recovered: an Alertmanager's peer was late
  nothing_open,       // resolved, and nothing waits for it
  // Accepted.
  opened,     // a new incident
  renewed,    // the lease of the one that is open
  relapsed,   // a new failure after an attempt that was seen to work: that attempt is over
  noted,      // resolved; another alert still fires, or an attempt is under way
  withdrawn,  // resolved, and the last that fired: what waited is closed
};

std::string_view to_string(DeliveryKind kind);
bool is_accepted(DeliveryKind kind);

struct Delivery {
  DeliveryKind kind = DeliveryKind::for_people;
  std::optional<Incident> incident;  // of what is accepted, as it is after it; new ones without id
};

AlertFired fired_event(const ReceivedAlert& alert, WallTime now);

// `last` is the container's last incident, `already_recovered` what the journal says of the
// failure.
Delivery deliver(const ReceivedAlert& alert, const std::optional<Incident>& last,
                 bool already_recovered, WallTime now, const IncidentSettings& settings);

}  // namespace selfheal
