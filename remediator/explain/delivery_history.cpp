#include "remediator/explain/delivery_history.h"

#include "remediator/incident/history.h"

namespace selfheal {
namespace {

// People read times to the millisecond, and give them back so.
bool same_millisecond(WallTime one, WallTime other) {
  return std::chrono::floor<Milliseconds>(one) == std::chrono::floor<Milliseconds>(other);
}

bool holds_failure(const Incident& incident, const ReceivedAlert& alert) {
  for (const IncidentAlert& known : incident.alerts)
    if (known.fingerprint == alert.fingerprint && known.starts_at == alert.starts_at) return true;
  return false;
}

}  // namespace

std::optional<DecisionRow> decision_in_force(const std::vector<DecisionRow>& decisions,
                                             const Incident& incident, WallTime at) {
  const WallTime since = incident.attempt_under_way() ? incident.opened_at : incident.waiting_since;
  std::optional<DecisionRow> met;
  for (const DecisionRow& decision : decisions) {
    if (decision.decided_at < since || !is_judgement(decision)) continue;
    if (met && decision.decided_at > at) break;
    met = decision;
    if (decision.decided_at > at) break;
  }
  return met;
}

std::optional<Incident>& DeliveryHistory::last_incident(const ReceivedAlert& alert) {
  const std::string& host = alert.label("host");
  const std::string container = alert.target();
  const auto [entry, is_new] = last_.try_emplace({host, container});
  if (is_new) {
    entry->second = reader_.last_incident(host, container, at_);
    if (entry->second) entry->second = as_of(*std::move(entry->second), at_);
  }
  return entry->second;
}

// Whether the journal has the incident that it has opened, and then under which number.
bool DeliveryHistory::opened_by(const ReceivedAlert& alert, Incident& incident) {
  const auto opened = reader_.first_incident_since(alert.label("host"), alert.target(), at_);
  if (!opened || !holds_failure(*opened, alert)) return false;
  incident.id = opened->id;
  incident.opened_at = incident.waiting_since = opened->opened_at;
  return true;
}

std::optional<Explanation> DeliveryHistory::explain(const ReceivedAlert& alert) {
  std::optional<Incident>& last = last_incident(alert);
  const bool recovered = reader_.already_recovered(alert.fingerprint, alert.starts_at, at_);
  Delivery delivery = deliver(alert, last, recovered, at_, settings_);
  if (!is_accepted(delivery.kind)) return Explanation{delivery.kind, true, 0, {}, {}};
  if (delivery.kind == DeliveryKind::opened && !opened_by(alert, *delivery.incident))
    return std::nullopt;
  if (delivery.kind == DeliveryKind::noted || delivery.kind == DeliveryKind::withdrawn) {
    // Which alerts had resolved by then is not known, but how the incident ended is.
    const auto now = reader_.incident(delivery.incident->id);
    const bool ended = now && now->outcome == IncidentOutcome::withdrawn && now->closed_at &&
                       same_millisecond(*now->closed_at, at_) && !last->attempt_under_way();
    delivery.kind = ended ? DeliveryKind::withdrawn : DeliveryKind::noted;
    delivery.incident = ended ? now : last;
  }
  last = delivery.incident;
  Explanation explanation{delivery.kind, true, last->id, {}, {}};
  if (last->attempt_under_way()) explanation.under_way = last->state;
  if (delivery.kind != DeliveryKind::withdrawn)
    explanation.decision = decision_in_force(reader_.decisions(last->id), *last, at_);
  return explanation;
}

}  // namespace selfheal
