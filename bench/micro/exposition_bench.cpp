// A scrape's inner loops: series and numbers as text, and gzip.
#include <array>
#include <cstdint>

#include <benchmark/benchmark.h>

#include "common/exposition/gzip_sink.h"
#include "common/exposition/metric_text.h"
#include "common/exposition/metrics_writer.h"

namespace selfheal {
namespace {

constexpr std::string_view kLabels =
    R"(host="docker-17.example.org",container="shop-web-12",group="shop/web",probe="default")";
constexpr std::array<double, 8> kBounds{0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10, 60};

class Nowhere final : public ByteSink {
 public:
  void write(std::string_view bytes) override { benchmark::DoNotOptimize(bytes.data()); }
};

void put_whole_number(benchmark::State& state) {
  std::array<char, kNumberLength> out;
  double value = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(put_number(out.data(), value));
    value += 1;
  }
}
BENCHMARK(put_whole_number);

void put_timestamp(benchmark::State& state) {
  std::array<char, kNumberLength> out;
  double value = 1'760'000'000.123;
  for (auto _ : state) {
    benchmark::DoNotOptimize(put_number(out.data(), value));
    value += 0.001;
  }
}
BENCHMARK(put_timestamp);

void write_series(benchmark::State& state) {
  Nowhere sink;
  MetricsWriter writer(MetricsFormat::text, sink);
  writer.family("selfheal_probe_consecutive_successes", "Help.", MetricKind::gauge);
  for (auto _ : state) writer.sample(kLabels, 17);
}
BENCHMARK(write_series);

void write_histogram(benchmark::State& state) {
  Nowhere sink;
  MetricsWriter writer(MetricsFormat::text, sink);
  writer.family("selfheal_probe_duration_seconds", "Help.", MetricKind::histogram);
  const HistogramBounds bounds(kBounds);
  constexpr std::array<uint32_t, 9> kCounts{12, 3'456, 78, 9, 0, 0, 1, 0, 0};
  for (auto _ : state) writer.histogram<uint32_t>(kLabels, bounds, kCounts, 17.123456789);
}
BENCHMARK(write_histogram);

void escape_label(benchmark::State& state) {
  std::string block;
  for (auto _ : state) {
    block.clear();
    append_label(block, "container", "a-container-of-the-usual-length");
    benchmark::DoNotOptimize(block.data());
  }
}
BENCHMARK(escape_label);

void gzip_series(benchmark::State& state) {
  std::string text, compressed;
  StringSink plain(text);
  MetricsWriter writer(MetricsFormat::text, plain);
  writer.family("selfheal_probe_last_success_timestamp_seconds", "Help.", MetricKind::gauge);
  for (int i = 0; i < 10'000; ++i) {
    const std::string labels = label_block({{"container", "web-" + std::to_string(i)}});
    writer.sample(labels, 1'760'000'000 + i * 0.123);
  }
  writer.finish();
  for (auto _ : state) {
    compressed.clear();
    GzipSink sink(compressed);
    sink.write(text);
    sink.finish();
  }
  state.SetBytesProcessed(static_cast<int64_t>(text.size()) * state.iterations());
}
BENCHMARK(gzip_series);

}  // namespace
}  // namespace selfheal
