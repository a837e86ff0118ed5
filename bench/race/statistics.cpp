#include "bench/race/statistics.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace selfheal::race {

double quantile(std::vector<double> values, double q) {
  assert(!values.empty());
  std::sort(values.begin(), values.end());
  const double place = q * static_cast<double>(values.size() - 1);
  const auto below = static_cast<size_t>(std::floor(place));
  const size_t above = std::min(below + 1, values.size() - 1);
  return std::lerp(values[below], values[above], place - std::floor(place));
}

std::optional<Summary> summarize(const std::vector<double>& values) {
  if (values.empty()) return std::nullopt;
  return Summary{values.size(), quantile(values, 0.5), quantile(values, 0.9), quantile(values, 0.0),
                 quantile(values, 1.0)};
}

}  // namespace selfheal::race
