#include "remediator/view/journal_metrics.h"

#include <algorithm>

#include "common/exposition/metric_text.h"
#include "remediator/decision/decision.h"

namespace selfheal {

JournalMetrics::JournalMetrics(Journal& journal, const DockerHosts& hosts,
                               const CurrentSettings& settings, const Clock& clock)
    : journal_(journal), hosts_(hosts), settings_(settings), clock_(clock) {}

void JournalMetrics::write(MetricsWriter& out) const {
  out.family("selfheal_remediator_journal_writable",
             "0 from a write to the journal that failed until a page could be written again.",
             MetricKind::gauge);
  out.count("", journal_.why_not_writable() ? 0 : 1);
  std::vector<Incident> open;
  std::vector<AttemptCount> counts;
  std::vector<Pause> pauses;
  const WallTime not_forgotten =
      clock_.wall_now() - longest_after_end(settings_.get()->incident.healthy_reset);
  const auto read = journal_.read([&](JournalReader& reader) {
    open = reader.open_incidents();
    counts = reader.attempt_counts(not_forgotten, clock_.wall_now(),
                                   settings_.get()->incident.healthy_reset);
    pauses = reader.pauses(clock_.wall_now());
  });
  if (!read) return;  // its absence shows; the log says why
  write_incidents(out, open);
  write_breakers(out, counts);
  out.family("selfheal_remediator_paused", "1 for each pause that a person has set.",
             MetricKind::gauge);
  for (const Pause& pause : pauses) out.count(label_block({{"scope", to_text(pause.target)}}), 1);
  out.family("selfheal_remediator_docker_connected",
             "Whether the host's Docker Engine answers, by the name that it was given.",
             MetricKind::gauge);
  for (const HostStatus& host : hosts_.statuses())
    out.count(label_block({{"host", host.name}}), host.trouble.empty() ? 1 : 0);
}

void JournalMetrics::write_incidents(MetricsWriter& out, const std::vector<Incident>& open) const {
  const WallTime now = clock_.wall_now();
  double overdue = 0;
  uint64_t waiting = 0;
  out.family("selfheal_remediator_incident_open", "1 for each container with an open incident.",
             MetricKind::gauge);
  for (const Incident& incident : open) {
    out.count(label_block({{"host", incident.host}, {"container", incident.container}}), 1);
    if (incident.state != IncidentState::waiting) continue;
    ++waiting;
    // Meanwhile it asks for the others every second, which is not a next_at (AttemptRunner).
    if (waits_for_others(incident.reason)) continue;
    overdue = std::max(overdue, std::chrono::duration<double>(now - incident.next_at).count());
  }
  out.family("selfheal_remediator_incidents_open", "Open incidents.", MetricKind::gauge);
  out.count("", open.size());
  out.family("selfheal_remediator_queue_length", "Incidents that wait to be judged or acted on.",
             MetricKind::gauge);
  out.count("", waiting);
  out.family("selfheal_remediator_oldest_pending_seconds",
             "How long the incident that is overdue for longest has been, 0 for none.",
             MetricKind::gauge);
  out.sample("", overdue);
}

void JournalMetrics::write_breakers(MetricsWriter& out,
                                    const std::vector<AttemptCount>& counts) const {
  const auto settings = settings_.get();
  const WallTime now = clock_.wall_now();
  const BreakerSettings breaker = settings->breaker();
  out.family("selfheal_remediator_breaker_open",
             "1 while all attempts for a container are used up, 0 while it has an incident and "
             "attempts left.",
             MetricKind::gauge);
  for (const AttemptCount& count : counts) {
    const bool open = breaker_of(count, breaker, now) == Breaker::open;
    if (open || count.state != IncidentState::closed)
      out.count(label_block({{"host", count.host}, {"container", count.container}}), open ? 1 : 0);
  }
}

}  // namespace selfheal
