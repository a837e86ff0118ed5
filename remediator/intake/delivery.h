// What one delivered alert does to the incident of its container, before anything is decided.
// [pure]
//
// This alone decides it: AlertIntake writes down what comes out, `explain` shows it and changes
// nothing.
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
  std::optional<Incident> before;    // the same before it; of what is opened, nothing
};

// `last` is the container's last incident, `already_recovered` what the journal says of the
// failure.
Delivery deliver(const ReceivedAlert& alert, const std::optional<Incident>& last,
                 bool already_recovered, WallTime now, const IncidentSettings& settings);

// The same with what a journal says (its reader; null: nothing), which is asked only for an alert
// that wants something done.
template <class Reader>
Delivery deliver_to(Reader* journal, const ReceivedAlert& alert, WallTime now,
                    const IncidentSettings& settings) {
  if (journal == nullptr || !alert.wants_remediation())
    return deliver(alert, std::nullopt, false, now, settings);
  // Clustered Alertmanagers send again, both firing and resolved, what is over; it must neither
  // renew the lease of a later failure nor withdraw it.
  if (journal->already_recovered(alert.fingerprint, alert.starts_at))
    return deliver(alert, std::nullopt, true, now, settings);
  return deliver(alert, journal->last_incident(alert.label("host"), alert.target()), false, now,
                 settings);
}

}  // namespace selfheal
