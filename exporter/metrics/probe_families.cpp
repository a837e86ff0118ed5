// The families per probe: see health_metrics.h.
#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "common/exposition/metric_text.h"
#include "exporter/metrics/health_metrics.h"

namespace selfheal {
namespace {

// One number per probe; none where there is nothing to tell.
struct NumberFamily {
  const char* name;
  const char* help;
  MetricKind kind;
  std::optional<double> (*value)(const ProbeRow&);
};

std::optional<double> count_of(uint64_t count) {
  return static_cast<double>(count);
}

const std::array kNumberFamilies{
    NumberFamily{"selfheal_probe_success", "Whether the last probe passed.", MetricKind::gauge,
                 [](const ProbeRow& row) -> std::optional<double> {
                   if (!row.numbers.concluded) return std::nullopt;
                   return row.numbers.success ? 1 : 0;
                 }},
    NumberFamily{
        "selfheal_probe_healthy",
        "Whether the container is healthy by this probe, after its thresholds.", MetricKind::gauge,
        [](const ProbeRow& row) -> std::optional<double> { return row.numbers.healthy ? 1 : 0; }},
    NumberFamily{"selfheal_probe_consecutive_failures",
                 "Failed probes in a row; stays over a restart until one passes.",
                 MetricKind::gauge,
                 [](const ProbeRow& row) -> std::optional<double> {
                   return row.numbers.consecutive_failures;
                 }},
    NumberFamily{"selfheal_probe_consecutive_successes",
                 "Probes passed in a row since the container's start.", MetricKind::gauge,
                 [](const ProbeRow& row) -> std::optional<double> {
                   return row.numbers.consecutive_successes;
                 }},
    NumberFamily{
        "selfheal_probe_failing_since_timestamp_seconds",
        "Start of the first failed probe of those in a row, 0 while passing.", MetricKind::gauge,
        [](const ProbeRow& row) -> std::optional<double> { return row.numbers.failing_since_s; }},
    NumberFamily{
        "selfheal_probe_last_success_timestamp_seconds",
        "Start of the last probe that passed, 0 if none did.", MetricKind::gauge,
        [](const ProbeRow& row) -> std::optional<double> { return row.numbers.last_success_s; }},
    NumberFamily{"selfheal_probe_failure_threshold",
                 "Failed probes in a row that make the container unhealthy.", MetricKind::gauge,
                 [](const ProbeRow& row) -> std::optional<double> {
                   return row.identity->spec->settings.failure_threshold;
                 }},
    NumberFamily{
        "selfheal_probe_interval_seconds", "Interval of the probe while nothing is wrong.",
        MetricKind::gauge,
        [](const ProbeRow& row) -> std::optional<double> {
          return std::chrono::duration<double>(row.identity->spec->settings.interval).count();
        }},
    NumberFamily{"selfheal_probe_attempts_total", "Probes made.", MetricKind::counter,
                 [](const ProbeRow& row) { return count_of(row.numbers.attempts); }},
    NumberFamily{"selfheal_probe_skipped_total",
                 "Probes left out: the one before was still under way, or too many were.",
                 MetricKind::counter,
                 [](const ProbeRow& row) { return count_of(row.numbers.skipped); }},
    NumberFamily{"selfheal_probe_http_status_code",
                 "HTTP status of the last probe, 0 if there was no answer.", MetricKind::gauge,
                 [](const ProbeRow& row) -> std::optional<double> {
                   if (row.identity->spec->url.kind != ProbeKind::http) return std::nullopt;
                   return row.numbers.http_status;
                 }},
    NumberFamily{"selfheal_probe_tls_cert_expiry_timestamp_seconds",
                 "When the first of the certificates expires that the target showed.",
                 MetricKind::gauge,
                 [](const ProbeRow& row) -> std::optional<double> {
                   if (row.numbers.cert_expiry_s == 0) return std::nullopt;
                   return row.numbers.cert_expiry_s;
                 }},
};

// The reasons that are counted from 0: what this kind of probe meets every day.
std::span<const ProbeReason> everyday_reasons(const ProbeUrl& url) {
  using enum ProbeReason;
  static constexpr std::array kHttp{timeout, refused, reset, status};
  static constexpr std::array kHttps{timeout, refused, tls, status};
  static constexpr std::array kTcp{timeout, refused};
  static constexpr std::array kGrpc{timeout, refused, status};
  static constexpr std::array kDns{timeout, refused, status};
  static constexpr std::array kIcmp{timeout, unreachable};
  static constexpr std::array kExec{timeout, ProbeReason::exec};
  static constexpr std::array kDocker{unhealthy};
  switch (url.kind) {
    case ProbeKind::http:
      return url.scheme == "https" ? std::span<const ProbeReason>(kHttps) : kHttp;
    case ProbeKind::tcp:
      return kTcp;
    case ProbeKind::grpc:
      return kGrpc;
    case ProbeKind::dns:
      return kDns;
    case ProbeKind::icmp:
      return kIcmp;
    case ProbeKind::exec:
      return kExec;
    case ProbeKind::docker:
      return kDocker;
  }
  return {};
}

const std::string& reason_label(ProbeReason reason) {
  static const auto labels = [] {
    std::array<std::string, kProbeReasons> all;
    for (size_t i = 0; i < kProbeReasons; ++i)
      all[i] = label_block({{"reason", to_string(static_cast<ProbeReason>(i))}});
    return all;
  }();
  return labels[static_cast<size_t>(reason)];
}

void write_failures(const HealthSnapshot& all, const SeriesLabels& labels, MetricsWriter& out) {
  out.family("selfheal_probe_failures_total", "Failed probes by reason.", MetricKind::counter);
  for (size_t at = 0; at < all.probes.size(); ++at) {
    const ProbeRow& row = all.probes[at];
    const auto everyday = everyday_reasons(row.identity->spec->url);
    for (size_t i = 0; i < kProbeReasons; ++i) {
      const auto reason = static_cast<ProbeReason>(i);
      const bool listed = std::find(everyday.begin(), everyday.end(), reason) != everyday.end();
      if (listed || row.numbers.failures[i] > 0)
        out.count(labels.probe(at), reason_label(reason), row.numbers.failures[i]);
    }
  }
}

void write_last_failure(const HealthSnapshot& all, const SeriesLabels& labels, MetricsWriter& out) {
  out.family("selfheal_probe_last_failure_info", "Why the probe failed the last time that it did.",
             MetricKind::info);
  for (size_t at = 0; at < all.probes.size(); ++at) {
    const auto reason = all.probes[at].numbers.last_failure;
    if (reason) out.count(labels.probe(at), reason_label(*reason), 1);
  }
}

void write_durations(const HealthSnapshot& all, const SeriesLabels& labels, MetricsWriter& out) {
  static const HistogramBounds bounds(kDurationBuckets);
  out.family("selfheal_probe_duration_seconds",
             "Duration of probes, failed ones and timeouts included.", MetricKind::histogram);
  for (size_t at = 0; at < all.probes.size(); ++at) {
    const ProbeNumbers& numbers = all.probes[at].numbers;
    out.histogram<uint32_t>(labels.probe(at), bounds, numbers.durations, numbers.duration_sum_s);
  }
}

}  // namespace

void write_probe_families(const HealthSnapshot& all, const SeriesLabels& labels,
                          MetricsWriter& out) {
  for (const NumberFamily& number : kNumberFamilies) {
    out.family(number.name, number.help, number.kind);
    for (size_t at = 0; at < all.probes.size(); ++at) {
      if (const auto value = number.value(all.probes[at])) out.sample(labels.probe(at), *value);
    }
  }
  write_failures(all, labels, out);
  write_last_failure(all, labels, out);
  write_durations(all, labels, out);
}

}  // namespace selfheal
