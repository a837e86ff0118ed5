#include "common/exposition/collectable_source.h"

#include <string>
#include <vector>

#include <prometheus/metric_family.h>

#include "common/exposition/metric_text.h"

namespace selfheal {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

MetricKind kind_of(const MetricFamily& family) {
  switch (family.type) {
    case MetricType::Counter:
      return MetricKind::counter;
    case MetricType::Gauge:
      // prometheus-cpp has no type for them.
      return family.name.ends_with("_info") ? MetricKind::info : MetricKind::gauge;
    case MetricType::Summary:
      return MetricKind::summary;
    case MetricType::Histogram:
      return MetricKind::histogram;
    case MetricType::Untyped:
      break;
  }
  return MetricKind::unknown;
}

std::string labels_of(const ClientMetric& metric) {
  std::string block;
  for (const auto& label : metric.label) append_label(block, label.name, label.value);
  return block;
}

void write_histogram(const std::string& labels, const ClientMetric::Histogram& histogram,
                     MetricsWriter& out) {
  std::vector<double> bounds;
  std::vector<uint64_t> counts;
  uint64_t before = 0;
  for (const auto& bucket : histogram.bucket) {
    bounds.push_back(bucket.upper_bound);
    counts.push_back(bucket.cumulative_count - before);
    before = bucket.cumulative_count;
  }
  if (!bounds.empty()) bounds.pop_back();  // +Inf, which HistogramBounds adds
  out.histogram<uint64_t>(labels, HistogramBounds(bounds), counts, histogram.sample_sum);
}

void write_summary(const std::string& labels, const ClientMetric::Summary& summary,
                   MetricsWriter& out) {
  std::vector<Quantile> quantiles;
  for (const auto& one : summary.quantile) quantiles.push_back({one.quantile, one.value});
  out.summary(labels, quantiles, summary.sample_count, summary.sample_sum);
}

void write_metric(MetricType type, const ClientMetric& metric, MetricsWriter& out) {
  const std::string labels = labels_of(metric);
  switch (type) {
    case MetricType::Counter:
      return out.sample(labels, metric.counter.value);
    case MetricType::Gauge:
      return out.sample(labels, metric.gauge.value);
    case MetricType::Untyped:
      return out.sample(labels, metric.untyped.value);
    case MetricType::Histogram:
      return write_histogram(labels, metric.histogram, out);
    case MetricType::Summary:
      return write_summary(labels, metric.summary, out);
  }
}

}  // namespace

void CollectableSource::write(MetricsWriter& out) const {
  for (const MetricFamily& family : collectable_.Collect()) {
    out.family(family.name, family.help, kind_of(family));
    for (const ClientMetric& metric : family.metric) write_metric(family.type, metric, out);
  }
}

}  // namespace selfheal
