#include "exporter/metrics/exporter_metrics.h"

#include "common/base/program.h"

namespace selfheal {
namespace {

const prometheus::Histogram::BucketBoundaries kLatenessBuckets{0.0001, 0.0005, 0.001, 0.0025, 0.005,
                                                               0.01,   0.05,   0.1,   0.5,    1};

prometheus::Gauge& add_gauge(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

}  // namespace

ExporterMetrics::ExporterMetrics() {
  prometheus::BuildGauge()
      .Name("selfheal_exporter_build_info")
      .Help("Version of the exporter, and what it was built with.")
      .Register(registry_)
      .Add({{"version", version()}, {"compiler", __VERSION__}})
      .Set(1);
  probe_lateness_ = &prometheus::BuildHistogram()
                         .Name("selfheal_exporter_probe_lateness_seconds")
                         .Help("How long after their time probes were started.")
                         .Register(registry_)
                         .Add({}, kLatenessBuckets);
  config_successful_ = &add_gauge(registry_, "selfheal_exporter_config_last_reload_successful",
                                  "Whether the last look at the configuration file went well.");
  config_loaded_at_ =
      &add_gauge(registry_, "selfheal_exporter_config_last_reload_success_timestamp_seconds",
                 "When the present configuration was loaded.");
}

void ExporterMetrics::config_loaded(double unix_seconds) {
  config_successful_->Set(1);
  config_loaded_at_->Set(unix_seconds);
}

void ExporterMetrics::config_refused() {
  config_successful_->Set(0);
}

}  // namespace selfheal
