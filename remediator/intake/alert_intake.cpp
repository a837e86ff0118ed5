#include "remediator/intake/alert_intake.h"

#include "common/base/log.h"
#include "remediator/intake/delivery.h"

namespace selfheal {
namespace {

// Which always fires, to show that alerts arrive.
bool is_watchdog(const ReceivedAlert& alert) {
  return alert.status == AlertStatus::firing && alert.label("alertname") == "Watchdog";
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

AlertIntake::AlertIntake(Journal& journal, const StepRecorder& recorder,
                         const CurrentSettings& settings, RemediationMetrics& metrics,
                         const Clock& clock, Wake wake)
    : journal_(journal),
      recorder_(recorder),
      settings_(settings),
      metrics_(metrics),
      clock_(clock),
      wake_(std::move(wake)) {}

std::optional<AlertIntake::Change> AlertIntake::take(JournalWriter& writer,
                                                     const ReceivedAlert& alert, WallTime now) {
  // Clustered Alertmanagers send again, both firing and resolved, what is over; it must neither
  // renew the lease of a later failure nor withdraw it.
  if (is_watchdog(alert)) writer.watchdog_seen(now);
  if (!alert.wants_remediation() || writer.already_recovered(alert.fingerprint, alert.starts_at))
    return std::nullopt;
  if (alert.status == AlertStatus::firing) return take_firing(writer, alert, now);
  return take_resolved(writer, alert, now);
}

AlertIntake::Change AlertIntake::take_firing(JournalWriter& writer, const ReceivedAlert& alert,
                                             WallTime now) {
  const std::string& host = alert.label("host");
  const std::string container = alert.target();
  const AlertFired event = fired_event(alert, now);
  if (auto open = writer.open_incident(host, container)) {
    const StepRecorder::Step step = recorder_.take(writer, *open, event, now);
    return {*std::move(open), step};
  }
  const auto previous = writer.last_incident(host, container);
  Incident opened = open_incident(host, container, event, previous ? &*previous : nullptr, now,
                                  settings_.get()->incident);
  writer.save(opened);
  return {std::move(opened)};
}

std::optional<AlertIntake::Change> AlertIntake::take_resolved(JournalWriter& writer,
                                                              const ReceivedAlert& alert,
                                                              WallTime now) {
  auto open = writer.open_incident(alert.label("host"), alert.target());
  if (!open) return std::nullopt;
  const StepRecorder::Step step =
      recorder_.take(writer, *open, AlertResolved{alert.fingerprint, alert.starts_at}, now);
  return Change{*std::move(open), step};
}

void AlertIntake::count(const WebhookPayload& payload, WallTime now) {
  uint64_t firing = 0;
  for (const ReceivedAlert& alert : payload.alerts) {
    if (alert.status != AlertStatus::firing) continue;
    ++firing;
    if (is_watchdog(alert)) metrics_.watchdog_seen(now);
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
  WallTime now;
  std::vector<Change> changes;
  const auto written = journal_.write([&](JournalWriter& writer) {
    now = clock_.wall_now();  // by the writer: what is accepted first has the earlier time
    changes.clear();
    for (const ReceivedAlert& alert : payload.alerts)
      if (auto change = take(writer, alert, now)) changes.push_back(*std::move(change));
  });
  if (!written) return written.error();
  count(payload, now);
  std::vector<int64_t> ids;
  for (const Change& change : changes) {
    recorder_.committed(change.step);
    log_change(change.incident, now);
    ids.push_back(change.incident.id);
  }
  if (!ids.empty()) wake_(ids);
  IntakeCounts counts;
  counts.received_at = now;
  counts.accepted = static_cast<int>(changes.size());
  counts.ignored = static_cast<int>(payload.alerts.size() - changes.size());
  return counts;
}

}  // namespace selfheal
