#include "common/exposition/metrics_writer.h"

#include <array>
#include <functional>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/summary.h>
#include <prometheus/text_serializer.h>

#include "common/exposition/collectable_source.h"
#include "common/exposition/gzip_sink.h"
#include "common/exposition/metric_text.h"
#include "tests/support/metrics_text.h"
#include "tests/support/openmetrics_check.h"

namespace selfheal {
namespace {

std::string written(MetricsFormat format, const std::function<void(MetricsWriter&)>& write) {
  std::string text;
  StringSink sink(text);
  MetricsWriter writer(format, sink);
  write(writer);
  writer.finish();
  return text;
}

constexpr std::array kBounds{0.5, 1.0};

void write_one_of_each(MetricsWriter& out) {
  static const HistogramBounds bounds(kBounds);
  out.family("app_up", "Whether it is \"up\".", MetricKind::gauge);
  out.sample(R"(host="box")", 0.5);
  out.family("app_empty", "Left out.", MetricKind::gauge);
  out.family("app_sent_bytes_total", "Sent.", MetricKind::counter);
  out.count("", 7);
  out.count(R"(a="b")", R"(c="d")", 8);
  out.count("", R"(c="d")", 9);
  out.family("app_build_info", "What was built.", MetricKind::info);
  out.count(R"(version="1")", 1);
  out.family("app_took_seconds", "How long.", MetricKind::histogram);
  constexpr std::array<uint32_t, 3> kCounts{1, 0, 2};
  out.histogram<uint32_t>(R"(a="b")", bounds, kCounts, 2.25);
  out.family("app_size", "How much.", MetricKind::summary);
  constexpr std::array kQuantiles{Quantile{0.5, 3}, Quantile{1, 4}};
  out.summary("", kQuantiles, 5, 6);
}

TEST(MetricsWriter, WritesPrometheusText) {
  EXPECT_EQ(written(MetricsFormat::text, write_one_of_each),
            R"(# HELP app_up Whether it is "up".
# TYPE app_up gauge
app_up{host="box"} 0.5
# HELP app_sent_bytes_total Sent.
# TYPE app_sent_bytes_total counter
app_sent_bytes_total 7
app_sent_bytes_total{a="b",c="d"} 8
app_sent_bytes_total{c="d"} 9
# HELP app_build_info What was built.
# TYPE app_build_info gauge
app_build_info{version="1"} 1
# HELP app_took_seconds How long.
# TYPE app_took_seconds histogram
app_took_seconds_bucket{a="b",le="0.5"} 1
app_took_seconds_bucket{a="b",le="1"} 1
app_took_seconds_bucket{a="b",le="+Inf"} 3
app_took_seconds_count{a="b"} 3
app_took_seconds_sum{a="b"} 2.25
# HELP app_size How much.
# TYPE app_size summary
app_size{quantile="0.5"} 3
app_size{quantile="1"} 4
app_size_count 5
app_size_sum 6
)");
}

TEST(MetricsWriter, WritesOpenMetrics) {
  EXPECT_EQ(written(MetricsFormat::openmetrics, write_one_of_each),
            R"(# TYPE app_up gauge
# HELP app_up Whether it is \"up\".
app_up{host="box"} 0.5
# TYPE app_sent_bytes counter
# UNIT app_sent_bytes bytes
# HELP app_sent_bytes Sent.
app_sent_bytes_total 7
app_sent_bytes_total{a="b",c="d"} 8
app_sent_bytes_total{c="d"} 9
# TYPE app_build info
# HELP app_build What was built.
app_build_info{version="1"} 1
# TYPE app_took_seconds histogram
# UNIT app_took_seconds seconds
# HELP app_took_seconds How long.
app_took_seconds_bucket{a="b",le="0.5"} 1
app_took_seconds_bucket{a="b",le="1.0"} 1
app_took_seconds_bucket{a="b",le="+Inf"} 3
app_took_seconds_count{a="b"} 3
app_took_seconds_sum{a="b"} 2.25
# TYPE app_size summary
# HELP app_size How much.
app_size{quantile="0.5"} 3
app_size{quantile="1.0"} 4
app_size_count 5
app_size_sum 6
# EOF
)");
}

TEST(MetricsWriter, AStrictParserOfOpenMetricsFindsNoFault) {
  EXPECT_THAT(openmetrics_faults(written(MetricsFormat::openmetrics, write_one_of_each)),
              testing::IsEmpty());
}

TEST(MetricsWriter, ACounterByAnotherNameIsUnknownToOpenMetrics) {
  const auto write = [](MetricsWriter& out) {
    out.family("requests", "Asked.", MetricKind::counter);
    out.count("", 1);
  };
  EXPECT_EQ(written(MetricsFormat::openmetrics, write),
            "# TYPE requests unknown\n# HELP requests Asked.\nrequests 1\n# EOF\n");
  EXPECT_THAT(written(MetricsFormat::text, write), testing::HasSubstr("# TYPE requests counter"));
}

// Remembers how long the longest piece was that it was given.
class Measuring final : public ByteSink {
 public:
  void write(std::string_view bytes) override {
    longest = std::max(longest, bytes.size());
    total += bytes.size();
  }
  size_t longest = 0;
  size_t total = 0;
};

TEST(MetricsWriter, KeepsOneChunkInMemoryHoweverMuchThereIs) {
  Measuring sink;
  MetricsWriter writer(MetricsFormat::text, sink);
  writer.family("app_up", "Up.", MetricKind::gauge);
  for (int i = 0; i < 100'000; ++i) writer.sample(R"(container="a-container-with-a-name")", i);
  writer.finish();
  EXPECT_GT(sink.total, 4'000'000u);
  EXPECT_LE(sink.longest, 64u * 1024);
}

TEST(MetricsWriter, ALabelLongerThanAChunkIsWrittenWhole) {
  const std::string labels = label_block({{"a", std::string(1'000'000, 'x')}});
  const std::string text = written(MetricsFormat::text, [&](MetricsWriter& out) {
    out.family("app_up", "Up.", MetricKind::gauge);
    for (int i = 0; i < 3; ++i) out.sample(labels, i);
  });
  const auto samples = parse_metrics(text).samples;
  ASSERT_EQ(samples.size(), 3u);
  EXPECT_EQ(samples[2].labels.at("a").size(), 1'000'000u);
  EXPECT_EQ(samples[2].value, 2);
}

TEST(GzipSink, GivesBackWhatWentIn) {
  std::string text, compressed;
  GzipSink sink(compressed);
  for (int i = 0; i < 20'000; ++i) {
    const std::string line = "line " + std::to_string(i * 7919) + "\n";
    text += line;
    sink.write(line);
  }
  sink.finish();
  EXPECT_EQ(gunzip(compressed), text);
  EXPECT_LT(compressed.size(), text.size() / 2);
}

// What our text says is what prometheus-cpp's serializer says, in its own order.
TEST(CollectableSource, SaysWhatPrometheusCppSays) {
  prometheus::Registry registry;
  prometheus::BuildGauge()
      .Name("g")
      .Help("A gauge.")
      .Register(registry)
      .Add({{"a", "\"\n"}})
      .Set(0.1);
  prometheus::BuildCounter().Name("c_total").Help("C.").Register(registry).Add({}).Increment(1e9);
  auto& histogram = prometheus::BuildHistogram().Name("h").Help("H.").Register(registry).Add(
      {{"b", "x"}}, prometheus::Histogram::BucketBoundaries{0.25, 1, 10});
  for (const double value : {0.1, 0.3, 5.0, 50.0}) histogram.Observe(value);
  prometheus::BuildSummary().Name("s").Help("S.").Register(registry).Add(
      {}, prometheus::Summary::Quantiles{{0.5, 0.05}});

  const MetricsText ours = parse_metrics(written(
      MetricsFormat::text, [&](MetricsWriter& out) { CollectableSource(registry).write(out); }));
  const MetricsText theirs =
      parse_metrics(prometheus::TextSerializer().Serialize(registry.Collect()));
  EXPECT_EQ(ours.help, theirs.help);
  EXPECT_EQ(ours.type, theirs.type);
  const auto described = [](const MetricsText& all) {
    std::multiset<std::string> lines;
    for (const MetricSample& sample : all.samples) {
      lines.insert(sample.name + testing::PrintToString(sample.labels) +
                   testing::PrintToString(sample.value));
    }
    return lines;
  };
  EXPECT_EQ(described(ours), described(theirs));
}

}  // namespace
}  // namespace selfheal
