// Writes families of series as Prometheus' text format 0.0.4 or as OpenMetrics 1.0.
//
// Family by family, series by series, into a buffer of a fixed size that is passed on when it is
// full: nothing of a scrape is in memory but what its sink keeps. Belongs to one thread. Values and
// label blocks are the callers', metric_text.h makes them; a family without a series is left out.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/exposition/byte_sink.h"
#include "common/exposition/histogram_bounds.h"

namespace selfheal {

enum class MetricKind { counter, gauge, info, histogram, summary, unknown };

struct Quantile {
  double quantile = 0;
  double value = 0;
};

class MetricsWriter {
 public:
  // `sink` must outlive the writer.
  MetricsWriter(MetricsFormat format, ByteSink& sink);

  // Begins a family. Names are those of the text format: counters end with _total, infos with
  // _info. OpenMetrics names these families without it, and tells the unit that a name ends with.
  void family(std::string_view name, std::string_view help, MetricKind kind);

  // Series of the family begun last. `labels` is a label block or empty, `further` another one.
  void sample(std::string_view labels, double value) { line(name_, labels, {}, value); }
  void sample(std::string_view labels, std::string_view further, double value) {
    line(name_, labels, further, value);
  }
  void count(std::string_view labels, uint64_t value) { line(name_, labels, {}, value); }
  void count(std::string_view labels, std::string_view further, uint64_t value) {
    line(name_, labels, further, value);
  }
  // `counts` are per bucket, not cumulative, one for each of `bounds`.
  template <class Count>
  void histogram(std::string_view labels, const HistogramBounds& bounds,
                 std::span<const Count> counts, double sum) {
    uint64_t so_far = 0;
    for (size_t i = 0; i < counts.size(); ++i) {
      so_far += counts[i];
      line(bucket_name_, labels, bounds.le(i, format_), so_far);
    }
    line(count_name_, labels, {}, so_far);
    line(sum_name_, labels, {}, sum);
  }
  void summary(std::string_view labels, std::span<const Quantile> quantiles, uint64_t count,
               double sum);

  // The end of the text; nothing is written after it.
  void finish();

  MetricsFormat format() const { return format_; }

 private:
  void begin_family();
  template <class Number>
  void line(std::string_view name, std::string_view labels, std::string_view further, Number value);
  void text(std::string_view text);
  char* room_for(size_t size);
  void pass_on();

  const MetricsFormat format_;
  ByteSink& sink_;
  std::vector<char> buffer_;
  size_t used_ = 0;
  std::string name_;  // of the present family, as in the text format
  std::string bucket_name_;
  std::string count_name_;
  std::string sum_name_;
  std::string head_;  // HELP and TYPE, until its first series is written
};

}  // namespace selfheal
