// Order statistics of a few dozen measurements. [pure]
#pragma once

#include <optional>
#include <vector>

namespace selfheal::race {

struct Summary {
  size_t count = 0;
  double median = 0;
  double p90 = 0;
  double min = 0;
  double max = 0;
};

// Interpolated between the two nearest values, as most tools do it; `values` is not empty.
double quantile(std::vector<double> values, double q);

// Nothing of no values.
std::optional<Summary> summarize(const std::vector<double>& values);

}  // namespace selfheal::race
