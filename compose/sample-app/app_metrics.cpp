#include "compose/sample-app/app_metrics.h"

#include <prometheus/text_serializer.h>

namespace sample_app {
namespace {

prometheus::Gauge& gauge(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

const prometheus::Histogram::BucketBoundaries& buckets() {
  static const prometheus::Histogram::BucketBoundaries boundaries{0.001, 0.005, 0.01, 0.05, 0.1,
                                                                  0.5,   1,     5,    10,   30};
  return boundaries;
}

}  // namespace

AppMetrics::AppMetrics()
    : requests_(prometheus::BuildCounter()
                    .Name("sample_app_http_requests_total")
                    .Help("Requests by handler and status code.")
                    .Register(registry_)),
      durations_(prometheus::BuildHistogram()
                     .Name("sample_app_http_request_duration_seconds")
                     .Help("Time to the answer by handler and status code.")
                     .Register(registry_)),
      broken_(prometheus::BuildGauge()
                  .Name("sample_app_broken")
                  .Help("1 for the mode in which the app is broken.")
                  .Register(registry_)),
      held_(gauge(registry_, "sample_app_held_requests", "Requests that wait for their answer.")),
      leaked_(gauge(registry_, "sample_app_leaked_bytes", "Memory taken by the mode leak.")) {
  // A rate over a series that has just appeared misses its first increase: both codes from 0.
  for (const char* code : {"200", "500"}) {
    requests_.Add({{"handler", "/"}, {"code", code}});
    requests_.Add({{"handler", "/health"}, {"code", code}});
  }
}

void AppMetrics::count_request(const std::string& handler, const std::string& code,
                               std::chrono::duration<double> duration) {
  const prometheus::Labels labels{{"handler", handler}, {"code", code}};
  requests_.Add(labels).Increment();
  durations_.Add(labels, buckets()).Observe(duration.count());
}

std::string AppMetrics::render(const App& app) {
  const FailureMode now = app.mode();
  for (FailureMode mode : kFailureModes) {
    broken_.Add({{"mode", std::string(name_of(mode))}}).Set(mode == now ? 1 : 0);
  }
  held_.Set(static_cast<double>(app.held_requests()));
  leaked_.Set(static_cast<double>(app.leaked_bytes()));
  return prometheus::TextSerializer().Serialize(registry_.Collect());
}

}  // namespace sample_app
