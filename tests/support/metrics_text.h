// Reads back what /metrics wrote, so that tests compare values and not text.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace selfheal {

struct MetricSample {
  std::string name;
  std::map<std::string, std::string> labels;
  double value = 0;
};

struct MetricsText {
  std::map<std::string, std::string> help;  // by family
  std::map<std::string, std::string> type;
  std::vector<MetricSample> samples;

  std::vector<MetricSample> named(const std::string& name) const;
  // Of the one sample with this name and, among others, these labels. Throws std::runtime_error
  // when there is not exactly one.
  double value(const std::string& name,
               const std::map<std::string, std::string>& labels = {}) const;
  bool has(const std::string& name) const { return !named(name).empty(); }
};

// Throws std::runtime_error with the line that is no Prometheus text.
MetricsText parse_metrics(std::string_view text);

// A line that is one, `name{label="value"} 1`. Throws as parse_metrics() does.
MetricSample parse_sample(std::string_view line);

std::string gunzip(std::string_view compressed);

}  // namespace selfheal
