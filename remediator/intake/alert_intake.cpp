#include "remediator/intake/alert_intake.h"

#include "common/base/log.h"

namespace selfheal {
namespace {

// Which always fires, to show that alerts arrive.
bool is_watchdog(const ReceivedAlert& alert) {
  return alert.status == AlertStatus::firing && alert.label("alertname") == "Watchdog";
}

void log_change(const Incident& incident, DeliveryKind kind) {
  const std::initializer_list<log::Field> fields{
      {"incident", std::to_string(incident.id)},
      {"host", incident.host},
      {"container", incident.container},
      {"alert", incident.alerts.empty() ? "" : incident.alerts.back().alertname}};
  if (kind == DeliveryKind::opened)
    log::info("incident opened", fields);
  else if (kind == DeliveryKind::withdrawn)
    log::info("incident withdrawn: the alert resolved", fields);
  else if (kind == DeliveryKind::relapsed)
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
  if (is_watchdog(alert)) writer.watchdog_seen(now);
  Delivery delivery = deliver_to(&writer, alert, now, settings_.get()->incident);
  if (!is_accepted(delivery.kind)) return std::nullopt;
  Incident& after = *delivery.incident;
  if (delivery.kind == DeliveryKind::opened) {
    writer.save(after);
    return Change{std::move(after), delivery.kind};
  }
  const StepRecorder::Step step = recorder_.record(writer, *delivery.before, after, now);
  return Change{std::move(after), delivery.kind, step};
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
    log_change(change.incident, change.kind);
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
