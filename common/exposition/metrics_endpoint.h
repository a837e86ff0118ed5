// GET /metrics: collects and renders Prometheus text, family by family, so that no more than one
// family is in memory beside the text.
//
// A prometheus::Registry holds the process's own metrics; series that come and go with containers
// come from Collectables that render them from a table (see exporter/health_metrics.h).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <prometheus/collectable.h>

#include "common/http/http_server.h"

namespace selfheal {

class MetricsEndpoint {
 public:
  // Before the server starts. `source` must outlive the endpoint.
  void add(const prometheus::Collectable& source);
  // Text format 0.0.4 of everything, in the order added.
  std::string render() const;
  HttpServer::Handler handler() const;

 private:
  std::vector<const prometheus::Collectable*> sources_;
};

}  // namespace selfheal
