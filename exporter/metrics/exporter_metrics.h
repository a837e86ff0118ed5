// The exporter's metrics about itself. Thread-safe, as prometheus-cpp's are.
#pragma once

#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

namespace selfheal {

class ExporterMetrics {
 public:
  ExporterMetrics();

  // For further counters of parts of the exporter too.
  prometheus::Registry& registry() { return registry_; }
  prometheus::Histogram& probe_lateness() { return *probe_lateness_; }
  void config_loaded(double unix_seconds);
  void config_refused();

 private:
  prometheus::Registry registry_;
  prometheus::Histogram* probe_lateness_;
  prometheus::Gauge* config_successful_;
  prometheus::Gauge* config_loaded_at_;
};

}  // namespace selfheal
