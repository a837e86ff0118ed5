#include "exporter/metrics/health_metrics.h"

#include <span>

#include "common/exposition/metric_text.h"

namespace selfheal {
namespace {

void write_recovery(const std::string& host, const char* cause, const RecoveryDurations& durations,
                    MetricsWriter& out) {
  static const HistogramBounds bounds(kRecoveryBuckets);
  std::string labels;
  if (!host.empty()) append_label(labels, "host", host);
  append_label(labels, "cause", cause);
  out.histogram<uint64_t>(labels, bounds, durations.counts, durations.sum_s);
}

}  // namespace

void write_host_families(const HealthSnapshot& all, MetricsWriter& out) {
  out.family("selfheal_recovery_duration_seconds",
             "Time from the first failed probe to healthy again.", MetricKind::histogram);
  for (const auto& [host, row] : all.hosts) {
    write_recovery(host, "restarted", row.restarted, out);
    write_recovery(host, "spontaneous", row.spontaneous, out);
  }
  out.family("selfheal_exporter_docker_connected",
             "Whether Docker answers. Where it refuses its events, its list is polled instead.",
             MetricKind::gauge);
  for (const auto& [host, row] : all.hosts) {
    if (row.connected) out.count(label_block({{"host", host}}), *row.connected ? 1 : 0);
  }
  out.family("selfheal_exporter_docker_connects_total",
             "How often Docker answered for the first time, or again after it was away.",
             MetricKind::counter);
  for (const auto& [host, row] : all.hosts) {
    if (row.connected) out.count(label_block({{"host", host}}), row.connects);
  }
  out.family("selfheal_exporter_dependency_cycles",
             "Circles in what containers are said to depend on; each was cut at one place.",
             MetricKind::gauge);
  for (const auto& [host, row] : all.hosts) {
    if (row.connected) out.count(label_block({{"host", host}}), row.dependency_cycles);
  }
  out.family("selfheal_exporter_targets",
             "Probes of containers that are running or were until a moment ago.",
             MetricKind::gauge);
  out.count("", all.probes.size());
}

void HealthMetrics::write(MetricsWriter& out) const {
  const HealthSnapshot all = table_.snapshot();
  const SeriesLabels labels(all);
  write_probe_families(all, labels, out);
  write_container_families(all, labels, out);
  write_host_families(all, out);
}

}  // namespace selfheal
