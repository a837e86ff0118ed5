#include "exporter/health_metrics.h"

#include <algorithm>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/exporter/samples.h"

namespace selfheal {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;

std::map<std::string, MetricFamily> by_name(const std::vector<MetricFamily>& families) {
  std::map<std::string, MetricFamily> named;
  for (const MetricFamily& family : families) named[family.name] = family;
  return named;
}

std::string label(const prometheus::ClientMetric& metric, const std::string& name) {
  for (const auto& pair : metric.label)
    if (pair.name == name) return pair.value;
  return "";
}

size_t series_of(const std::vector<MetricFamily>& families, const std::string& container) {
  size_t count = 0;
  for (const MetricFamily& family : families) {
    for (const auto& metric : family.metric) {
      if (label(metric, "container") != container) continue;
      count += family.type == MetricType::Histogram ? metric.histogram.bucket.size() + 2 : 1;
    }
  }
  return count;
}

class HealthMetricsTest : public testing::Test {
 protected:
  void add(ProbeKind kind, const ProbeNumbers& numbers) {
    WatchedContainer web;
    web.key = {"host", "web"};
    web.group = "shop/web";
    web.id = "abc";
    web.state = ContainerState::running;
    web.started_at = at(0);
    web.dependencies = dependencies;
    container_slot = table.add_container({std::make_shared<const WatchedContainer>(web), {}});
    ProbeSpec spec;
    spec.name = "default";
    spec.url.kind = kind;
    const ProbeIdentity identity{web.key, web.group, std::move(spec)};
    probe_slot =
        table.add_probe({std::make_shared<const ProbeIdentity>(identity), numbers, nullptr});
  }

  HealthTable table;
  HealthMetrics metrics{table};
  std::vector<std::string> dependencies;
  HealthTable::Slot container_slot = 0;
  HealthTable::Slot probe_slot = 0;
};

TEST_F(HealthMetricsTest, AContainerWithOneProbeHas45SeriesAtMost) {
  ProbeNumbers numbers;
  numbers.concluded = true;
  numbers.last_failure = ProbeReason::timeout;
  add(ProbeKind::http, numbers);
  EXPECT_LE(series_of(metrics.Collect(), "web"), 45U);
}

TEST_F(HealthMetricsTest, EveryFamilyHasHelpAndIsThereOnce) {
  dependencies = {"shop/db"};
  ProbeNumbers numbers;
  numbers.concluded = true;
  numbers.last_failure = ProbeReason::tls;
  numbers.failures[static_cast<size_t>(ProbeReason::tls)] = 2;
  add(ProbeKind::http, numbers);
  table.set_connection("host", true, "host");
  std::set<std::string> names;
  for (const MetricFamily& family : metrics.Collect()) {
    EXPECT_FALSE(family.help.empty()) << family.name;
    EXPECT_FALSE(family.metric.empty()) << family.name;
    EXPECT_TRUE(names.insert(family.name).second) << family.name;
  }
  for (const char* pinned : {"selfheal_probe_success",
                             "selfheal_probe_healthy",
                             "selfheal_probe_consecutive_failures",
                             "selfheal_probe_consecutive_successes",
                             "selfheal_probe_failing_since_timestamp_seconds",
                             "selfheal_probe_failure_threshold",
                             "selfheal_probe_interval_seconds",
                             "selfheal_probe_last_failure_info",
                             "selfheal_probe_attempts_total",
                             "selfheal_probe_failures_total",
                             "selfheal_probe_skipped_total",
                             "selfheal_probe_duration_seconds",
                             "selfheal_probe_last_success_timestamp_seconds",
                             "selfheal_probe_http_status_code",
                             "selfheal_container_info",
                             "selfheal_container_state",
                             "selfheal_container_health",
                             "selfheal_container_start_time_seconds",
                             "selfheal_container_exit_code",
                             "selfheal_container_stop_requested",
                             "selfheal_container_restarts_total",
                             "selfheal_container_oom_kills_total",
                             "selfheal_container_depends_on",
                             "app_recovery_events_total",
                             "selfheal_recovery_duration_seconds",
                             "selfheal_exporter_targets",
                             "selfheal_exporter_docker_connected"})
    EXPECT_TRUE(names.contains(pinned)) << pinned;
}

TEST_F(HealthMetricsTest, SuccessIsNotToldBeforeTheFirstResult) {
  add(ProbeKind::http, {});
  const auto families = by_name(metrics.Collect());
  EXPECT_FALSE(families.contains("selfheal_probe_success"));
  EXPECT_EQ(families.at("selfheal_probe_healthy").metric[0].gauge.value, 0);
}

TEST_F(HealthMetricsTest, EverydayReasonsStartAtZeroOthersWhenTheyHappen) {
  ProbeNumbers numbers;
  numbers.failures[static_cast<size_t>(ProbeReason::protocol)] = 3;
  add(ProbeKind::tcp, numbers);
  std::map<std::string, double> failures;
  const auto families = by_name(metrics.Collect());
  for (const auto& metric : families.at("selfheal_probe_failures_total").metric)
    failures[label(metric, "reason")] = metric.counter.value;
  EXPECT_THAT(failures,
              testing::ElementsAre(testing::Pair("protocol", 3), testing::Pair("refused", 0),
                                   testing::Pair("timeout", 0)));
}

TEST_F(HealthMetricsTest, BucketsAreCumulativeAndReachPastTheLongestTimeout) {
  ProbeNumbers numbers;
  numbers.durations = {5, 3, 0, 0, 0, 0, 0, 1, 2};
  numbers.duration_sum_s = 1.5;
  add(ProbeKind::http, numbers);
  const auto histogram =
      by_name(metrics.Collect()).at("selfheal_probe_duration_seconds").metric[0].histogram;
  ASSERT_EQ(histogram.bucket.size(), kDurationBuckets.size() + 1);
  EXPECT_EQ(histogram.bucket[0].cumulative_count, 5U);
  EXPECT_EQ(histogram.bucket[1].cumulative_count, 8U);
  EXPECT_EQ(histogram.bucket[7].cumulative_count, 9U);
  EXPECT_EQ(histogram.bucket[8].cumulative_count, 11U);
  EXPECT_EQ(histogram.sample_count, 11U);
  EXPECT_DOUBLE_EQ(histogram.sample_sum, 1.5);
}

TEST_F(HealthMetricsTest, OneStateIsOne) {
  add(ProbeKind::http, {});
  double sum = 0;
  const auto families = by_name(metrics.Collect());
  for (const auto& metric : families.at("selfheal_container_state").metric) {
    sum += metric.gauge.value;
    EXPECT_EQ(metric.gauge.value, label(metric, "state") == "running" ? 1 : 0);
  }
  EXPECT_EQ(sum, 1);
}

TEST_F(HealthMetricsTest, RemovedRowsAreGone) {
  add(ProbeKind::http, {});
  table.remove_probe(probe_slot);
  table.remove_container(container_slot);
  EXPECT_EQ(series_of(metrics.Collect(), "web"), 0U);
}

TEST_F(HealthMetricsTest, RecoveriesArePerHostAndStartAtZero) {
  table.set_connection("unix:///sock", false, "unix:///sock");
  table.set_connection("host", true, "unix:///sock");
  table.count_recovery("host", {RecoveryCause::restarted, std::chrono::milliseconds(1'900)});
  const auto families = by_name(metrics.Collect());
  const auto& connected = families.at("selfheal_exporter_docker_connected").metric;
  ASSERT_EQ(connected.size(), 1U);
  EXPECT_EQ(label(connected[0], "host"), "host");
  const auto& recoveries = families.at("selfheal_recovery_duration_seconds").metric;
  ASSERT_EQ(recoveries.size(), 2U);
  EXPECT_EQ(recoveries[0].histogram.sample_count, 1U);
  EXPECT_DOUBLE_EQ(recoveries[0].histogram.sample_sum, 1.9);
  EXPECT_EQ(recoveries[1].histogram.sample_count, 0U);
}

}  // namespace
}  // namespace selfheal
