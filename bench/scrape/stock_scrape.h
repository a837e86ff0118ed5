// The way of prometheus-cpp: a Registry with an object for each series, its collection, its text,
// and gzip with the settings of its Exposer.
#pragma once

#include <map>
#include <string>

#include <prometheus/registry.h>

#include "tests/support/metrics_text.h"

namespace selfheal {

class StockScrape {
 public:
  // Registers all that `series` has.
  explicit StockScrape(const MetricsText& series);

  std::string text() const;
  std::string compressed() const;

 private:
  void add_plain(const MetricsText& series);
  void add_histograms(const MetricsText& series);

  prometheus::Registry registry_;
};

}  // namespace selfheal
