// The families per probe: see health_metrics.h.
#include <array>
#include <optional>
#include <span>
#include <utility>

#include "common/exposition/family.h"
#include "exporter/health_metrics.h"

namespace selfheal {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;

std::vector<LabelPair> labels_of(const ProbeRow& row) {
  return {{"host", row.identity->container.host},
          {"container", row.identity->container.name},
          {"group", row.identity->group},
          {"probe", row.identity->spec->name}};
}

// One number per probe; none where there is nothing to tell.
struct NumberFamily {
  const char* name;
  const char* help;
  MetricType type;
  std::optional<double> (*value)(const ProbeRow&);
};

std::optional<double> count_of(uint64_t count) {
  return static_cast<double>(count);
}

const std::array kNumberFamilies{
    NumberFamily{"selfheal_probe_success", "Whether the last probe passed.", MetricType::Gauge,
                 [](const ProbeRow& row) -> std::optional<double> {
                   if (!row.numbers.concluded) return std::nullopt;
                   return row.numbers.success ? 1 : 0;
                 }},
    NumberFamily{
        "selfheal_probe_healthy",
        "Whether the container is healthy by this probe, after its thresholds.", MetricType::Gauge,
        [](const ProbeRow& row) -> std::optional<double> { return row.numbers.healthy ? 1 : 0; }},
    NumberFamily{"selfheal_probe_consecutive_failures",
                 "Failed probes in a row; stays over a restart until one passes.",
                 MetricType::Gauge,
                 [](const ProbeRow& row) -> std::optional<double> {
                   return row.numbers.consecutive_failures;
                 }},
    NumberFamily{"selfheal_probe_consecutive_successes",
                 "Probes passed in a row since the container's start.", MetricType::Gauge,
                 [](const ProbeRow& row) -> std::optional<double> {
                   return row.numbers.consecutive_successes;
                 }},
    NumberFamily{
        "selfheal_probe_failing_since_timestamp_seconds",
        "Start of the first failed probe of those in a row, 0 while passing.", MetricType::Gauge,
        [](const ProbeRow& row) -> std::optional<double> { return row.numbers.failing_since_s; }},
    NumberFamily{
        "selfheal_probe_last_success_timestamp_seconds",
        "Start of the last probe that passed, 0 if none did.", MetricType::Gauge,
        [](const ProbeRow& row) -> std::optional<double> { return row.numbers.last_success_s; }},
    NumberFamily{"selfheal_probe_failure_threshold",
                 "Failed probes in a row that make the container unhealthy.", MetricType::Gauge,
                 [](const ProbeRow& row) -> std::optional<double> {
                   return row.identity->spec->settings.failure_threshold;
                 }},
    NumberFamily{
        "selfheal_probe_interval_seconds", "Interval of the probe while nothing is wrong.",
        MetricType::Gauge,
        [](const ProbeRow& row) -> std::optional<double> {
          return std::chrono::duration<double>(row.identity->spec->settings.interval).count();
        }},
    NumberFamily{"selfheal_probe_attempts_total", "Probes made.", MetricType::Counter,
                 [](const ProbeRow& row) { return count_of(row.numbers.attempts); }},
    NumberFamily{"selfheal_probe_skipped_total",
                 "Probes left out: the one before was still under way, or too many were.",
                 MetricType::Counter,
                 [](const ProbeRow& row) { return count_of(row.numbers.skipped); }},
    NumberFamily{"selfheal_probe_http_status_code",
                 "HTTP status of the last probe, 0 if there was no answer.", MetricType::Gauge,
                 [](const ProbeRow& row) -> std::optional<double> {
                   if (row.identity->spec->url.kind != ProbeKind::http) return std::nullopt;
                   return row.numbers.http_status;
                 }},
};

// The reasons that are counted from 0: what this kind of probe meets every day.
std::span<const ProbeReason> everyday_reasons(ProbeKind kind) {
  static constexpr std::array kHttp{ProbeReason::timeout, ProbeReason::refused, ProbeReason::reset,
                                    ProbeReason::status};
  static constexpr std::array kTcp{ProbeReason::timeout, ProbeReason::refused};
  static constexpr std::array kDocker{ProbeReason::unhealthy};
  switch (kind) {
    case ProbeKind::http:
      return kHttp;
    case ProbeKind::tcp:
      return kTcp;
    case ProbeKind::grpc:
    case ProbeKind::dns:
    case ProbeKind::icmp:
    case ProbeKind::exec:
      return kTcp;
    case ProbeKind::docker:
      return kDocker;
  }
  return {};
}

std::vector<LabelPair> with_reason(const ProbeRow& row, ProbeReason reason) {
  auto labels = labels_of(row);
  labels.emplace_back("reason", to_string(reason));
  return labels;
}

void add_failures(const HealthSnapshot& all, MetricFamilies& families) {
  auto family =
      make_family("selfheal_probe_failures_total", "Failed probes by reason.", MetricType::Counter);
  for (const ProbeRow& row : all.probes) {
    const auto everyday = everyday_reasons(row.identity->spec->url.kind);
    for (size_t i = 0; i < kProbeReasons; ++i) {
      const auto reason = static_cast<ProbeReason>(i);
      const bool listed = std::find(everyday.begin(), everyday.end(), reason) != everyday.end();
      const uint64_t count = row.numbers.failures[i];
      if (listed || count > 0)
        add_sample(family, with_reason(row, reason), static_cast<double>(count));
    }
  }
  families.push_back(std::move(family));
}

void add_last_failure(const HealthSnapshot& all, MetricFamilies& families) {
  auto family = make_family("selfheal_probe_last_failure_info",
                            "Why the probe failed the last time that it did.", MetricType::Gauge);
  for (const ProbeRow& row : all.probes) {
    if (row.numbers.last_failure)
      add_sample(family, with_reason(row, *row.numbers.last_failure), 1);
  }
  families.push_back(std::move(family));
}

void add_durations(const HealthSnapshot& all, MetricFamilies& families) {
  auto family =
      make_family("selfheal_probe_duration_seconds",
                  "Duration of probes, failed ones and timeouts included.", MetricType::Histogram);
  for (const ProbeRow& row : all.probes) {
    prometheus::ClientMetric metric;
    for (auto& [name, value] : labels_of(row)) metric.label.push_back({name, std::move(value)});
    metric.histogram =
        make_histogram(kDurationBuckets, row.numbers.durations, row.numbers.duration_sum_s);
    family.metric.push_back(std::move(metric));
  }
  families.push_back(std::move(family));
}

}  // namespace

void add_probe_families(const HealthSnapshot& all, MetricFamilies& families) {
  for (const NumberFamily& number : kNumberFamilies) {
    auto family = make_family(number.name, number.help, number.type);
    for (const ProbeRow& row : all.probes) {
      if (const auto value = number.value(row)) add_sample(family, labels_of(row), *value);
    }
    families.push_back(std::move(family));
  }
  add_failures(all, families);
  add_last_failure(all, families);
  add_durations(all, families);
}

}  // namespace selfheal
