// The series of containers and probes, rendered from the health table at each scrape.
//
// Thread-safe: a scrape works on its own copy of the table. interfaces.md pins the names. A
// container with one HTTP probe has 44 series (45 is the limit; each dependency adds one), which
// takes some choosing:
//  - selfheal_probe_failures_total{reason} starts at 0 for the reasons that are everyday for the
//  kind
//    of probe (an increase() misses a series that begins at 1); others appear when they happen.
//  - selfheal_container_health has one series, the present status; a container's state has one for
//    each, because rules compare the absent states with 0.
//  - selfheal_probe_last_failure_info and selfheal_exporter_label_errors_total exist where there is
//    something to tell: labels can't change, so that counter has no increase to miss.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include "exporter/health/health_table.h"

namespace selfheal {

class HealthMetrics final : public prometheus::Collectable {
 public:
  explicit HealthMetrics(const HealthTable& table) : table_(table) {}
  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const HealthTable& table_;
};

// The parts, each adding its families. Families without a sample are left out.
using MetricFamilies = std::vector<prometheus::MetricFamily>;
void add_probe_families(const HealthSnapshot& all, MetricFamilies& families);
void add_container_families(const HealthSnapshot& all, MetricFamilies& families);
void add_host_families(const HealthSnapshot& all, MetricFamilies& families);

// From counts per bucket (the last one is for what is above all bounds), not cumulative.
prometheus::ClientMetric::Histogram make_histogram(std::span<const double> bounds,
                                                   std::span<const uint64_t> counts, double sum);

}  // namespace selfheal
