#include "remediator/intake/delivery.h"

namespace selfheal {
namespace {

AlertFired fired_event(const ReceivedAlert& alert, WallTime now) {
  return {{alert.fingerprint, alert.starts_at, alert.label("alertname"), alert.label("remediation"),
           true, now, now},
          alert.group()};
}

Delivery deliver_firing(const ReceivedAlert& alert, const std::optional<Incident>& last,
                        WallTime now, const IncidentSettings& settings) {
  const AlertFired event = fired_event(alert, now);
  if (!last || last->state == IncidentState::closed)
    return {DeliveryKind::opened,
            open_incident(alert.label("host"), alert.target(), event, last ? &*last : nullptr, now,
                          settings),
            {}};
  Incident after = *last;
  apply(after, event, now, settings);
  const bool relapsed = last->attempt_under_way() && !after.attempt_under_way();
  return {relapsed ? DeliveryKind::relapsed : DeliveryKind::renewed, std::move(after), last};
}

Delivery deliver_resolved(const ReceivedAlert& alert, const std::optional<Incident>& last,
                          WallTime now, const IncidentSettings& settings) {
  if (!last || last->state == IncidentState::closed) return {DeliveryKind::nothing_open, {}, {}};
  Incident after = *last;
  apply(after, AlertResolved{alert.fingerprint, alert.starts_at}, now, settings);
  const bool withdrawn = after.state == IncidentState::closed;
  return {withdrawn ? DeliveryKind::withdrawn : DeliveryKind::noted, std::move(after), last};
}

}  // namespace

std::string_view to_string(DeliveryKind kind) {
  switch (kind) {
    case DeliveryKind::for_people:
      return "for_people";
    case DeliveryKind::already_recovered:
      return "already_recovered";
    case DeliveryKind::nothing_open:
      return "nothing_open";
    case DeliveryKind::opened:
      return "opened";
    case DeliveryKind::renewed:
      return "renewed";
    case DeliveryKind::relapsed:
      return "relapsed";
    case DeliveryKind::noted:
      return "noted";
    case DeliveryKind::withdrawn:
      return "withdrawn";
  }
  return "";
}

bool is_accepted(DeliveryKind kind) {
  return kind != DeliveryKind::for_people && kind != DeliveryKind::already_recovered &&
         kind != DeliveryKind::nothing_open;
}

Delivery deliver(const ReceivedAlert& alert, const std::optional<Incident>& last,
                 bool already_recovered, WallTime now, const IncidentSettings& settings) {
  if (!alert.wants_remediation()) return {DeliveryKind::for_people, {}, {}};
  if (already_recovered) return {DeliveryKind::already_recovered, {}, {}};
  if (alert.status == AlertStatus::firing) return deliver_firing(alert, last, now, settings);
  return deliver_resolved(alert, last, now, settings);
}

}  // namespace selfheal
