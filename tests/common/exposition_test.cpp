// common/exposition: families made by hand, the endpoint that renders them, process_*.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/exposition/family.h"
#include "common/exposition/metrics_endpoint.h"
#include "common/exposition/process_metrics.h"
#include "tests/support/http_peer.h"

namespace selfheal {
namespace {

using prometheus::MetricType;
using testing::HasSubstr;
using testing::StartsWith;

class Fixed final : public prometheus::Collectable {
 public:
  explicit Fixed(std::vector<prometheus::MetricFamily> families) : families_(std::move(families)) {}
  std::vector<prometheus::MetricFamily> Collect() const override { return families_; }

 private:
  std::vector<prometheus::MetricFamily> families_;
};

TEST(Family, SamplesFollowItsType) {
  auto gauge = make_family("selfheal_up", "Whether it is up.", MetricType::Gauge);
  add_sample(gauge, {{"host", "box"}, {"container", "web"}}, 1);
  auto counter = make_family("selfheal_seen_total", "What was seen.", MetricType::Counter);
  add_sample(counter, {}, 3);
  EXPECT_EQ(gauge.metric.at(0).gauge.value, 1);
  EXPECT_EQ(gauge.metric.at(0).label.at(1).value, "web");
  EXPECT_EQ(counter.metric.at(0).counter.value, 3);
}

TEST(MetricsEndpoint, RendersEverythingInTheOrderAdded) {
  auto first = make_family("b_first", "The first.", MetricType::Gauge);
  add_sample(first, {{"name", "quoted \"text\"\nof two lines\\"}}, 0.5);
  auto second = make_family("a_second_total", "The second.", MetricType::Counter);
  add_sample(second, {}, 2);
  const Fixed one({first});
  const Fixed two({second});
  MetricsEndpoint endpoint;
  endpoint.add(one);
  endpoint.add(two);
  EXPECT_EQ(endpoint.render(),
            "# HELP b_first The first.\n"
            "# TYPE b_first gauge\n"
            "b_first{name=\"quoted \\\"text\\\"\\nof two lines\\\\\"} 0.5\n"
            "# HELP a_second_total The second.\n"
            "# TYPE a_second_total counter\n"
            "a_second_total 2\n");
}

TEST(MetricsEndpoint, IsServedAsPrometheusText) {
  const SystemClock clock;
  const ProcessMetrics process;
  MetricsEndpoint endpoint;
  endpoint.add(process);
  HttpServer server({.listen_addresses = {"127.0.0.1:0"}}, clock);
  server.route("GET", "/metrics", endpoint.handler());
  ASSERT_TRUE(server.start().ok());
  const auto response = request(server.port(), "GET", "/metrics");
  ASSERT_TRUE(response);
  EXPECT_THAT(response->header("Content-Type"), StartsWith("text/plain; version=0.0.4"));
  EXPECT_THAT(response->body, HasSubstr("process_cpu_seconds_total "));
}

TEST(ProcessMetrics, TellTheTruthAboutThisProcess) {
  const ProcessMetrics process;
  std::map<std::string, double> values;
  for (const auto& family : process.Collect()) {
    ASSERT_EQ(family.metric.size(), 1u) << family.name;
    const auto& metric = family.metric.front();
    values[family.name] =
        family.type == MetricType::Counter ? metric.counter.value : metric.gauge.value;
  }
  EXPECT_GE(values.at("process_threads"), 1);
  EXPECT_GT(values.at("process_resident_memory_bytes"), 1 << 20);
  EXPECT_GT(values.at("process_virtual_memory_bytes"), values.at("process_resident_memory_bytes"));
  EXPECT_GE(values.at("process_open_fds"), 3);
  EXPECT_GT(values.at("process_max_fds"), values.at("process_open_fds"));
  const double now = to_unix_seconds(SystemClock().wall_now());
  EXPECT_LE(values.at("process_start_time_seconds"), now + 1);
  EXPECT_GT(values.at("process_start_time_seconds"), now - 3600);
  EXPECT_GE(values.at("process_cpu_seconds_total"), 0);
}

}  // namespace
}  // namespace selfheal
