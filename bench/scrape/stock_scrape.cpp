#include "bench/scrape/stock_scrape.h"

#include <cmath>
#include <new>
#include <vector>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/text_serializer.h>
#include <zlib.h>

namespace selfheal {
namespace {

// One series of a histogram, as its text has it.
struct Distribution {
  std::vector<double> bounds;
  std::vector<double> counts;  // not cumulative
  double so_far = 0;
  double sum = 0;

  void add_bucket(double bound, double cumulative) {
    if (std::isfinite(bound)) bounds.push_back(bound);
    counts.push_back(cumulative - so_far);
    so_far = cumulative;
  }
};
using Distributions = std::map<prometheus::Labels, Distribution>;

void add_sample(const std::string& family, const MetricSample& sample, Distributions& all) {
  prometheus::Labels labels = sample.labels;
  const auto bound = labels.extract("le");
  Distribution& one = all[labels];
  if (bound) one.add_bucket(std::stod(bound.mapped()), sample.value);
  if (sample.name == family + "_sum") one.sum = sample.value;
}

// As prometheus-cpp's pull library compresses what its Exposer sends.
std::string gzipped(const std::string& text) {
  constexpr int kWindow = MAX_WBITS + 16;
  constexpr int kMemory = 9;
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kWindow, kMemory,
                   Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc();
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace

StockScrape::StockScrape(const MetricsText& series) {
  add_plain(series);
  add_histograms(series);
}

void StockScrape::add_plain(const MetricsText& series) {
  for (const auto& [name, type] : series.type) {
    if (type == "histogram") continue;
    const std::string& help = series.help.at(name);
    const bool counter = type == "counter";
    auto* counters =
        counter ? &prometheus::BuildCounter().Name(name).Help(help).Register(registry_) : nullptr;
    auto* gauges =
        counter ? nullptr : &prometheus::BuildGauge().Name(name).Help(help).Register(registry_);
    for (const MetricSample& sample : series.named(name)) {
      if (counter) counters->Add(sample.labels).Increment(sample.value);
      if (!counter) gauges->Add(sample.labels).Set(sample.value);
    }
  }
}

void StockScrape::add_histograms(const MetricsText& series) {
  for (const auto& [name, type] : series.type) {
    if (type != "histogram") continue;
    Distributions all;
    for (const char* suffix : {"_bucket", "_sum"}) {
      for (const MetricSample& sample : series.named(name + suffix)) add_sample(name, sample, all);
    }
    auto& family =
        prometheus::BuildHistogram().Name(name).Help(series.help.at(name)).Register(registry_);
    for (const auto& [labels, one] : all)
      family.Add(labels, one.bounds).ObserveMultiple(one.counts, one.sum);
  }
}

std::string StockScrape::text() const {
  return prometheus::TextSerializer().Serialize(registry_.Collect());
}

std::string StockScrape::compressed() const {
  return gzipped(text());
}

}  // namespace selfheal
