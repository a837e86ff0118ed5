#include "exporter/metrics/health_metrics.h"

#include <algorithm>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/exporter/samples.h"
#include "tests/support/metrics_text.h"
#include "tests/support/openmetrics_check.h"

namespace selfheal {
namespace {

size_t series_of(const MetricsText& all, const std::string& container) {
  return static_cast<size_t>(
      std::count_if(all.samples.begin(), all.samples.end(), [&](const MetricSample& sample) {
        const auto label = sample.labels.find("container");
        return label != sample.labels.end() && label->second == container;
      }));
}

class HealthMetricsTest : public testing::Test {
 protected:
  WatchedContainer container() const {
    WatchedContainer web;
    web.key = {"host", "web"};
    web.group = "shop/web";
    web.id = "abc";
    web.state = ContainerState::running;
    web.started_at = at(0);
    web.dependencies = dependencies;
    return web;
  }
  void add(const std::string& scheme, const ProbeNumbers& numbers) {
    add(container(), scheme, numbers);
  }
  void add(const WatchedContainer& seen, const std::string& scheme, const ProbeNumbers& numbers) {
    const auto shared = std::make_shared<const WatchedContainer>(seen);
    container_slot = table.add_container({shared, {}});
    ProbeSpec spec;
    spec.name = "default";
    spec.url.scheme = scheme;
    spec.url.kind = scheme == "https" ? ProbeKind::http : *probe_kind(scheme);
    const ProbeIdentity identity{shared, spec};
    probe_slot =
        table.add_probe({std::make_shared<const ProbeIdentity>(identity), numbers, nullptr});
  }
  std::string render(MetricsFormat format) const {
    std::string text;
    StringSink sink(text);
    MetricsWriter writer(format, sink);
    metrics.write(writer);
    writer.finish();
    return text;
  }
  MetricsText scrape() const { return parse_metrics(render(MetricsFormat::text)); }

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
  numbers.cert_expiry_s = 1;
  for (const char* scheme : {"http", "https", "tcp", "grpc", "dns", "icmp", "exec", "docker"}) {
    if (scheme == std::string("http")) numbers.cert_expiry_s = 0;
    add(scheme, numbers);
    EXPECT_LE(series_of(scrape(), "web"), 45U) << scheme;
    table.remove_probe(probe_slot);
    table.remove_container(container_slot);
    numbers.cert_expiry_s = 1;
  }
}

TEST_F(HealthMetricsTest, EveryFamilyHasHelpAndIsThereOnce) {
  dependencies = {"shop/db"};
  ProbeNumbers numbers;
  numbers.concluded = true;
  numbers.last_failure = ProbeReason::tls;
  numbers.cert_expiry_s = 1'700'000'000;
  numbers.failures[static_cast<size_t>(ProbeReason::tls)] = 2;
  WatchedContainer web = container();
  web.memory = MemoryUsage{1'000, 4'000};
  web.label_errors = 1;
  web.finished_at = at(1);
  add(web, "https", numbers);
  table.set_connection("host", true, "host");
  const MetricsText all = scrape();
  EXPECT_THAT(openmetrics_faults(render(MetricsFormat::openmetrics)), testing::IsEmpty());
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
                             "selfheal_probe_tls_cert_expiry_timestamp_seconds",
                             "selfheal_container_info",
                             "selfheal_container_state",
                             "selfheal_container_health",
                             "selfheal_container_start_time_seconds",
                             "selfheal_container_finish_time_seconds",
                             "selfheal_container_exit_code",
                             "selfheal_container_stop_requested",
                             "selfheal_container_restarts_total",
                             "selfheal_container_oom_kills_total",
                             "selfheal_container_depends_on",
                             "app_recovery_events_total",
                             "selfheal_recovery_duration_seconds",
                             "selfheal_exporter_targets",
                             "selfheal_exporter_docker_connected"})
    EXPECT_NE(all.help.at(pinned), "") << pinned;
}

TEST_F(HealthMetricsTest, ThatItIsBeingStoppedIsTold) {
  const auto told = [this] {
    return scrape().named("selfheal_container_stopping_since_timestamp_seconds");
  };
  add("http", {});
  EXPECT_THAT(told(), testing::IsEmpty());
  table.set_container(container_slot,
                      {std::make_shared<const WatchedContainer>(container()), {}, at(110)});
  ASSERT_EQ(told().size(), 1U);
  EXPECT_DOUBLE_EQ(told()[0].value, to_unix_seconds(at(110)));
}

TEST_F(HealthMetricsTest, TheEndOfARunIsToldWhileTheContainerIsDown) {
  WatchedContainer web = container();
  web.started_at = at(100);
  web.finished_at = at(90);  // of the run before
  add(web, "http", {});
  EXPECT_THAT(scrape().named("selfheal_container_finish_time_seconds"), testing::IsEmpty());
  web.state = ContainerState::exited;
  web.finished_at = at(130.5);
  table.set_container(container_slot, {std::make_shared<const WatchedContainer>(web), {}});
  const auto ended = scrape().named("selfheal_container_finish_time_seconds");
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_DOUBLE_EQ(ended[0].value, to_unix_seconds(at(130.5)));
}

TEST_F(HealthMetricsTest, SeriesCarryTheLabelsThatArePinned) {
  add("http", {});
  const auto healthy = scrape().named("selfheal_probe_healthy");
  ASSERT_EQ(healthy.size(), 1U);
  EXPECT_THAT(
      healthy[0].labels,
      testing::ElementsAre(testing::Pair("container", "web"), testing::Pair("group", "shop/web"),
                           testing::Pair("host", "host"), testing::Pair("probe", "default")));
}

TEST_F(HealthMetricsTest, AConfiguredTargetHasProbesAndRecoveriesAndNothingOfDocker) {
  WatchedContainer target = container();
  target.origin = Origin::configured;
  target.key = {"", "shop"};
  target.labels = {{"team", "blue"}};
  add(target, "tcp", {});
  table.count_recovery("", {RecoveryCause::spontaneous, std::chrono::seconds(2)});
  const MetricsText all = scrape();
  EXPECT_THAT(
      all.named("selfheal_probe_healthy").at(0).labels,
      testing::ElementsAre(testing::Pair("group", "shop/web"), testing::Pair("probe", "default"),
                           testing::Pair("target", "shop"), testing::Pair("team", "blue")));
  EXPECT_EQ(all.named("app_recovery_events_total").size(), 2U);
  EXPECT_EQ(all.value("selfheal_recovery_duration_seconds_count", {{"cause", "spontaneous"}}), 1);
  for (const MetricSample& sample : all.samples) {
    EXPECT_FALSE(sample.name.starts_with("selfheal_container")) << sample.name;
    EXPECT_FALSE(sample.name.starts_with("selfheal_exporter_docker")) << sample.name;
    EXPECT_FALSE(sample.labels.contains("host")) << sample.name;
    EXPECT_FALSE(sample.labels.contains("container")) << sample.name;
  }
}

TEST_F(HealthMetricsTest, MemoryIsToldWhereItWasRead) {
  WatchedContainer web = container();
  web.memory = MemoryUsage{1'000, 0};
  add(web, "http", {});
  EXPECT_EQ(scrape().value("selfheal_container_memory_usage_bytes"), 1'000);
  EXPECT_FALSE(scrape().has("selfheal_container_memory_limit_bytes"));
  web.memory = MemoryUsage{1'000, 4'000};
  table.set_container(container_slot, {std::make_shared<const WatchedContainer>(web), {}});
  EXPECT_EQ(scrape().value("selfheal_container_memory_limit_bytes"), 4'000);
}

TEST_F(HealthMetricsTest, DependencyCyclesAreCountedPerHost) {
  table.set_connection("host", true, "host");
  EXPECT_EQ(scrape().value("selfheal_exporter_dependency_cycles", {{"host", "host"}}), 0);
  table.set_dependency_cycles("host", 2);
  EXPECT_EQ(scrape().value("selfheal_exporter_dependency_cycles", {{"host", "host"}}), 2);
}

TEST_F(HealthMetricsTest, SuccessIsNotToldBeforeTheFirstResult) {
  add("http", {});
  const MetricsText all = scrape();
  EXPECT_FALSE(all.has("selfheal_probe_success"));
  EXPECT_FALSE(all.has("selfheal_probe_tls_cert_expiry_timestamp_seconds"));
  EXPECT_EQ(all.value("selfheal_probe_healthy"), 0);
}

TEST_F(HealthMetricsTest, EverydayReasonsStartAtZeroOthersWhenTheyHappen) {
  ProbeNumbers numbers;
  numbers.failures[static_cast<size_t>(ProbeReason::protocol)] = 3;
  add("tcp", numbers);
  std::map<std::string, double> failures;
  for (const MetricSample& sample : scrape().named("selfheal_probe_failures_total"))
    failures[sample.labels.at("reason")] = sample.value;
  EXPECT_THAT(failures,
              testing::ElementsAre(testing::Pair("protocol", 3), testing::Pair("refused", 0),
                                   testing::Pair("timeout", 0)));
}

TEST_F(HealthMetricsTest, BucketsAreCumulativeAndReachPastTheLongestTimeout) {
  ProbeNumbers numbers;
  numbers.durations = {5, 3, 0, 0, 0, 0, 0, 1, 2};
  numbers.duration_sum_s = 1.5;
  add("http", numbers);
  const MetricsText all = scrape();
  const std::string bucket = "selfheal_probe_duration_seconds_bucket";
  EXPECT_EQ(all.named(bucket).size(), kDurationBuckets.size() + 1);
  EXPECT_EQ(all.value(bucket, {{"le", "0.001"}}), 5);
  EXPECT_EQ(all.value(bucket, {{"le", "0.005"}}), 8);
  EXPECT_EQ(all.value(bucket, {{"le", "60"}}), 9);
  EXPECT_EQ(all.value(bucket, {{"le", "+Inf"}}), 11);
  EXPECT_EQ(all.value("selfheal_probe_duration_seconds_count"), 11);
  EXPECT_EQ(all.value("selfheal_probe_duration_seconds_sum"), 1.5);
}

TEST_F(HealthMetricsTest, OneStateIsOne) {
  add("http", {});
  double sum = 0;
  for (const MetricSample& sample : scrape().named("selfheal_container_state")) {
    sum += sample.value;
    EXPECT_EQ(sample.value, sample.labels.at("state") == "running" ? 1 : 0);
  }
  EXPECT_EQ(sum, 1);
}

TEST_F(HealthMetricsTest, RemovedRowsAreGone) {
  add("http", {});
  table.remove_probe(probe_slot);
  table.remove_container(container_slot);
  EXPECT_EQ(series_of(scrape(), "web"), 0U);
}

TEST_F(HealthMetricsTest, RecoveriesArePerHostAndStartAtZero) {
  table.set_connection("unix:///sock", false, "unix:///sock");
  table.set_connection("host", true, "unix:///sock");
  table.count_recovery("host", {RecoveryCause::restarted, std::chrono::milliseconds(1'900)});
  const MetricsText all = scrape();
  EXPECT_EQ(all.value("selfheal_exporter_docker_connected"), 1);
  EXPECT_EQ(all.value("selfheal_exporter_docker_connected", {{"host", "host"}}), 1);
  const std::string duration = "selfheal_recovery_duration_seconds";
  EXPECT_EQ(all.value(duration + "_count", {{"cause", "restarted"}}), 1);
  EXPECT_EQ(all.value(duration + "_sum", {{"cause", "restarted"}}), 1.9);
  EXPECT_EQ(all.value(duration + "_count", {{"cause", "spontaneous"}}), 0);
}

}  // namespace
}  // namespace selfheal
