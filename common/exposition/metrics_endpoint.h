// GET /metrics: everything there is to publish, in the format and encoding that the scraper asks
// for (Prometheus text or OpenMetrics, gzip or not).
//
// Rendered on a thread of low priority, one scrape at a time. Whoever has no answer within the
// scrape's timeout (X-Prometheus-Scrape-Timeout-Seconds) gets 503, and nothing is rendered for
// nobody. A prometheus::Registry holds the process's own metrics; series that come and go with
// containers come from MetricsSources that render them from a table
// (exporter/metrics/health_metrics.h).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <prometheus/collectable.h>

#include "common/base/clock.h"
#include "common/exposition/low_priority_worker.h"
#include "common/exposition/metrics_source.h"
#include "common/http/http_server.h"

namespace selfheal {

class MetricsEndpoint {
 public:
  explicit MetricsEndpoint(const Clock& clock) : clock_(clock) {}

  // Before the server starts. What is added must outlive the endpoint.
  void add(const MetricsSource& source) { sources_.push_back(&source); }
  void add(const prometheus::Collectable& collectable);

  HttpServer::Handler handler();
  // As the last page of `server`; the error says that --web.telemetry-path is taken.
  Outcome<> add_to(HttpServer& server, const std::string& path);
  // Everything in the order added, on the caller's thread.
  std::string render(MetricsFormat format) const;

 private:
  enum class Encoding { identity, gzip };
  struct Scrape {
    MetricsFormat format;
    Encoding encoding;
    SteadyTime deadline;
    std::string body;
    bool late = false;
  };
  ServerResponse answer(const ServerRequest& request);
  void render(Scrape& scrape);
  void write_all(MetricsFormat format, ByteSink& sink) const;

  const Clock& clock_;
  std::vector<const MetricsSource*> sources_;
  std::vector<std::unique_ptr<const MetricsSource>> adapters_;  // of Collectables
  // The worker's: how long the last bodies were, so that the next ones grow only once.
  size_t last_plain_ = 0;
  size_t last_compressed_ = 0;
  LowPriorityWorker worker_{"scrapes"};
};

}  // namespace selfheal
