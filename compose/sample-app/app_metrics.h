// GET /metrics: what a service should publish about itself for error-rate and latency rules.
#pragma once

#include <chrono>
#include <string>

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include "compose/sample-app/app.h"

namespace sample_app {

class AppMetrics {
 public:
  AppMetrics();

  // `handler` and `code` become labels: only from a small set. A request that was closed without
  // an answer has the code "unanswered".
  void count_request(const std::string& handler, const std::string& code,
                     std::chrono::duration<double> duration);
  // Text format 0.0.4.
  std::string render(const App& app);

 private:
  prometheus::Registry registry_;
  prometheus::Family<prometheus::Counter>& requests_;
  prometheus::Family<prometheus::Histogram>& durations_;
  prometheus::Family<prometheus::Gauge>& broken_;
  prometheus::Gauge& held_;
  prometheus::Gauge& leaked_;
};

}  // namespace sample_app
