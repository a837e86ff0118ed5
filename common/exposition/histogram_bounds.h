// The upper bounds of a histogram's buckets with their labels, `le="0.5"`, rendered once for all
// the series that share them. [pure] Immutable, safe from any thread.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace selfheal {

enum class MetricsFormat { text, openmetrics };

class HistogramBounds {
 public:
  // In rising order; the bucket for what is above all of them (+Inf) goes without saying.
  explicit HistogramBounds(std::span<const double> bounds);

  size_t buckets() const { return text_.size(); }  // with +Inf
  // OpenMetrics wants floats to look like floats: `le="1.0"`.
  const std::string& le(size_t bucket, MetricsFormat format) const {
    return (format == MetricsFormat::openmetrics ? openmetrics_ : text_)[bucket];
  }

 private:
  std::vector<std::string> text_;
  std::vector<std::string> openmetrics_;
};

// `value` as a label: 0.0001 and not 1e-04.
std::string float_label(double value, MetricsFormat format);

}  // namespace selfheal
