#include "common/exposition/metrics_endpoint.h"

#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include "common/exposition/metric_text.h"
#include "tests/support/http_peer.h"
#include "tests/support/metrics_text.h"

namespace selfheal {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

class Many final : public MetricsSource {
 public:
  explicit Many(int series) : series_(series) {}
  void write(MetricsWriter& out) const override {
    out.family("app_seen_total", "Seen.", MetricKind::counter);
    for (int i = 0; i < series_; ++i)
      out.count(label_block({{"number", std::to_string(i)}}), static_cast<uint64_t>(i));
  }

 private:
  int series_;
};

// Is under way until it is let go.
class Slow final : public MetricsSource {
 public:
  void write(MetricsWriter&) const override {
    ++begun;
    release.get_future().wait();
  }
  mutable std::promise<void> release;
  mutable std::atomic<int> begun{0};
};

class MetricsEndpointTest : public testing::Test {
 protected:
  void serve(const MetricsSource& source) {
    endpoint.add(source);
    server.route("GET", "/metrics", endpoint.handler());
    ASSERT_TRUE(server.start().ok());
  }
  HttpText scrape(const std::string& headers = "") {
    return request(server.port(), "GET", "/metrics", "", headers).value_or(HttpText{});
  }

  const SystemClock clock;
  MetricsEndpoint endpoint{clock};
  HttpServer server{{.listen_addresses = {"127.0.0.1:0"}}, clock};
};

TEST_F(MetricsEndpointTest, RendersEverythingInTheOrderAdded) {
  const Many many(1);
  prometheus::Registry registry;
  prometheus::BuildGauge().Name("a_gauge").Help("A.").Register(registry).Add({}).Set(2);
  endpoint.add(many);
  endpoint.add(registry);
  EXPECT_EQ(endpoint.render(MetricsFormat::text),
            "# HELP app_seen_total Seen.\n# TYPE app_seen_total counter\n"
            "app_seen_total{number=\"0\"} 0\n"
            "# HELP a_gauge A.\n# TYPE a_gauge gauge\na_gauge 2\n");
}

TEST_F(MetricsEndpointTest, WhoAsksForNothingGetsPlainText) {
  const Many many(3);
  serve(many);
  const HttpText response = scrape();
  EXPECT_EQ(response.header("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(response.header("Content-Encoding"), "");
  EXPECT_EQ(parse_metrics(response.body).named("app_seen_total").size(), 3u);
}

TEST_F(MetricsEndpointTest, OpenMetricsAndGzipWhenAskedFor) {
  const Many many(20'000);
  serve(many);
  const HttpText response =
      scrape("Accept: application/openmetrics-text;version=1.0.0\r\nAccept-Encoding: gzip\r\n");
  EXPECT_EQ(response.header("Content-Type"),
            "application/openmetrics-text; version=1.0.0; charset=utf-8");
  EXPECT_EQ(response.header("Content-Encoding"), "gzip");
  const std::string text = gunzip(response.body);
  EXPECT_THAT(text, EndsWith("# EOF\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE app_seen counter\n"));
  EXPECT_EQ(parse_metrics(text).value("app_seen_total", {{"number", "19999"}}), 19999);
}

TEST_F(MetricsEndpointTest, NothingIsRenderedForThoseWhoHaveGivenUp) {
  const Slow slow;
  serve(slow);
  auto first = std::async(std::launch::async, [&] { return scrape(); });
  while (slow.begun == 0) std::this_thread::yield();
  const HttpText second = scrape("X-Prometheus-Scrape-Timeout-Seconds: 0.05\r\n");
  EXPECT_EQ(second.status(), 503);
  EXPECT_THAT(second.body, HasSubstr("timeout"));
  slow.release.set_value();
  EXPECT_EQ(first.get().status(), 200);
  EXPECT_EQ(slow.begun, 1);
}

TEST_F(MetricsEndpointTest, AScrapeThatTookTooLongIsNoHalfScrape) {
  const Many many(200'000);
  serve(many);
  const HttpText late = scrape("X-Prometheus-Scrape-Timeout-Seconds: 0.0001\r\n");
  EXPECT_EQ(late.status(), 503);
  EXPECT_THAT(late.body, Not(HasSubstr("app_seen_total")));
  EXPECT_EQ(scrape().status(), 200);
}

}  // namespace
}  // namespace selfheal
