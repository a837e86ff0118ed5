#include "remediator/intake/alert_intake.h"

#include "common/base/log.h"

namespace selfheal {
namespace {

IncidentAlert to_incident_alert(const ReceivedAlert& alert, WallTime now) {
  return {alert.fingerprint,
          alert.starts_at,
          alert.label("alertname"),
          alert.label("remediation"),
          true,
          now,
          now};
}

void log_change(const Incident& incident, WallTime now) {
  const std::initializer_list<log::Field> fields{
      {"incident", std::to_string(incident.id)},
      {"host", incident.host},
      {"container", incident.container},
      {"alert", incident.alerts.empty() ? "" : incident.alerts.back().alertname}};
  if (incident.opened_at == now)
    log::info("incident opened", fields);
  else if (incident.closed_at == now)
    log::info("incident withdrawn: the alert resolved", fields);
  else if (incident.last_attempt_ended_at == now)
    log::info("a new failure after a recovery that was not proven yet", fields);
}

}  // namespace

AlertIntake::AlertIntake(Journal& journal, const CurrentSettings& settings,
                         RemediationMetrics& metrics, const Clock& clock, Wake wake)
    : journal_(journal),
      settings_(settings),
      metrics_(metrics),
      clock_(clock),
      wake_(std::move(wake)) {}

std::optional<Incident> AlertIntake::take_firing(JournalWriter& writer, const ReceivedAlert& alert,
                                                 WallTime now, const IncidentSettings& settings) {
  const std::string& host = alert.label("host");
  const std::string& container = alert.label("container");
  const AlertFired event{to_incident_alert(alert, now)};
  if (auto open = writer.open_incident(host, container)) {
    apply(*open, event, now, settings);
    writer.save(*open);
    return open;
  }
  const auto previous = writer.last_incident(host, container);
  Incident opened = open_incident(host, container, alert.label("group"), event,
                                  previous ? &*previous : nullptr, now, settings);
  writer.save(opened);
  return opened;
}

std::optional<Incident> AlertIntake::take_resolved(JournalWriter& writer,
                                                   const ReceivedAlert& alert, WallTime now,
                                                   const IncidentSettings& settings) {
  auto open = writer.open_incident(alert.label("host"), alert.label("container"));
  if (!open) return std::nullopt;
  apply(*open, AlertResolved{alert.fingerprint, alert.starts_at}, now, settings);
  writer.save(*open);
  return open;
}

void AlertIntake::count(const WebhookPayload& payload, WallTime now) {
  uint64_t firing = 0;
  for (const ReceivedAlert& alert : payload.alerts) {
    if (alert.status != AlertStatus::firing) continue;
    ++firing;
    if (alert.label("alertname") == "Watchdog") metrics_.watchdog_seen(now);
  }
  metrics_.alerts_received("firing", firing);
  metrics_.alerts_received("resolved", payload.alerts.size() - firing);
  if (payload.truncated > 0) {
    metrics_.alerts_truncated(payload.truncated);
    log::error("Alertmanager left alerts out; set max_alerts to 0 in its receiver",
               {{"truncated", std::to_string(payload.truncated)}});
  }
  for (const std::string& fault : payload.unreadable) {
    metrics_.decided("refuse", "unreadable_alert");
    log::warn("an alert can't be used", {{"err", fault}});
  }
}

Result<IntakeCounts, JournalFault> AlertIntake::accept(const WebhookPayload& payload) {
  const auto settings = settings_.get();
  const WallTime now = clock_.wall_now();
  std::vector<Incident> changed;
  IntakeCounts counts;
  const auto written = journal_.write([&](JournalWriter& writer) {
    changed.clear();
    counts = {};
    for (const ReceivedAlert& alert : payload.alerts) {
      std::optional<Incident> incident;
      // Clustered Alertmanagers send again, both firing and resolved, what is over; it must neither
      // renew the lease of a later failure nor withdraw it.
      if (alert.wants_remediation() &&
          !writer.already_recovered(alert.fingerprint, alert.starts_at))
        incident = alert.status == AlertStatus::firing
                       ? take_firing(writer, alert, now, settings->incident)
                       : take_resolved(writer, alert, now, settings->incident);
      ++(incident ? counts.accepted : counts.ignored);
      if (incident) changed.push_back(*std::move(incident));
    }
  });
  if (!written) return written.error();
  count(payload, now);
  std::vector<int64_t> ids;
  for (const Incident& incident : changed) {
    log_change(incident, now);
    ids.push_back(incident.id);
  }
  if (!ids.empty()) wake_(ids);
  return counts;
}

}  // namespace selfheal
