#include "exporter/health_metrics.h"

#include <limits>
#include <utility>

#include "common/exposition/family.h"

namespace selfheal {

using prometheus::MetricFamily;
using prometheus::MetricType;

prometheus::ClientMetric::Histogram make_histogram(std::span<const double> bounds,
                                                   std::span<const uint64_t> counts, double sum) {
  prometheus::ClientMetric::Histogram histogram;
  histogram.bucket.reserve(counts.size());
  uint64_t so_far = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    so_far += counts[i];
    const double bound = i < bounds.size() ? bounds[i] : std::numeric_limits<double>::infinity();
    histogram.bucket.push_back({so_far, bound});
  }
  histogram.sample_count = so_far;
  histogram.sample_sum = sum;
  return histogram;
}

namespace {

void add_recovery(MetricFamily& family, const std::string& host, const char* cause,
                  const RecoveryDurations& durations) {
  prometheus::ClientMetric metric;
  metric.label = {{"host", host}, {"cause", cause}};
  metric.histogram = make_histogram(kRecoveryBuckets, durations.counts, durations.sum_s);
  family.metric.push_back(std::move(metric));
}

}  // namespace

void add_host_families(const HealthSnapshot& all, MetricFamilies& families) {
  auto recoveries =
      make_family("selfheal_recovery_duration_seconds",
                  "Time from the first failed probe to healthy again.", MetricType::Histogram);
  auto connected = make_family("selfheal_exporter_docker_connected",
                               "Whether Docker answers and its events arrive.", MetricType::Gauge);
  for (const auto& [host, row] : all.hosts) {
    add_sample(connected, {{"host", host}}, row.connected ? 1 : 0);
    add_recovery(recoveries, host, "restarted", row.restarted);
    add_recovery(recoveries, host, "spontaneous", row.spontaneous);
  }
  auto targets = make_family("selfheal_exporter_targets",
                             "Probes of containers that are running "
                             "or were until a moment ago.",
                             MetricType::Gauge);
  add_sample(targets, {}, static_cast<double>(all.probes.size()));
  families.push_back(std::move(recoveries));
  families.push_back(std::move(connected));
  families.push_back(std::move(targets));
}

std::vector<MetricFamily> HealthMetrics::Collect() const {
  const HealthSnapshot all = table_.snapshot();
  MetricFamilies families;
  add_probe_families(all, families);
  add_container_families(all, families);
  add_host_families(all, families);
  std::erase_if(families, [](const MetricFamily& family) { return family.metric.empty(); });
  return families;
}

}  // namespace selfheal
