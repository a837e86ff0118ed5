// The series of containers and probes, rendered from the health table at each scrape.
//
// Thread-safe: a scrape works on its own copy of the table. interfaces.md pins the names. A
// container with one probe has 45 series at most (an https one that has failed), which takes some
// choosing; each dependency adds one, memory where it is asked for two:
//  - selfheal_probe_failures_total{reason} starts at 0 for the reasons that are everyday for the
//    kind of probe (an increase() misses a series that begins at 1); others appear when they
//    happen.
//  - selfheal_container_health has one series, the present status; a container's state has one for
//    each, because rules compare the absent states with 0.
//  - selfheal_probe_last_failure_info, selfheal_probe_tls_cert_expiry_timestamp_seconds and
//    selfheal_exporter_label_errors_total exist where there is something to tell: labels can't
//    change, so that counter has no increase to miss.
#pragma once

#include "common/exposition/metrics_source.h"
#include "exporter/health/health_table.h"
#include "exporter/metrics/series_labels.h"

namespace selfheal {

class HealthMetrics final : public MetricsSource {
 public:
  explicit HealthMetrics(const HealthTable& table) : table_(table) {}
  void write(MetricsWriter& out) const override;

 private:
  const HealthTable& table_;
};

// The parts, each writing its families.
void write_probe_families(const HealthSnapshot& all, const SeriesLabels& labels,
                          MetricsWriter& out);
void write_container_families(const HealthSnapshot& all, const SeriesLabels& labels,
                              MetricsWriter& out);
void write_host_families(const HealthSnapshot& all, MetricsWriter& out);

}  // namespace selfheal
