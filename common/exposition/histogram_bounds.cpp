#include "common/exposition/histogram_bounds.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "common/exposition/metric_text.h"

namespace selfheal {

std::string float_label(double value, MetricsFormat format) {
  std::array<char, kNumberLength> number;
  const bool whole = value == std::trunc(value);
  char* const end = whole || !std::isfinite(value)
                        ? put_number(number.data(), value)
                        : std::to_chars(number.data(), number.data() + number.size(), value,
                                        std::chars_format::general)
                              .ptr;
  std::string text(number.data(), end);
  if (format == MetricsFormat::openmetrics && text.find_first_not_of("-0123456789") == text.npos)
    text += ".0";
  return text;
}

HistogramBounds::HistogramBounds(std::span<const double> bounds) {
  const auto add = [this](double bound) {
    text_.push_back(label_block({{"le", float_label(bound, MetricsFormat::text)}}));
    openmetrics_.push_back(label_block({{"le", float_label(bound, MetricsFormat::openmetrics)}}));
  };
  for (const double bound : bounds) add(bound);
  add(std::numeric_limits<double>::infinity());
}

}  // namespace selfheal
