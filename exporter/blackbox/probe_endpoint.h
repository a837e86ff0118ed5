// GET /probe: one probe, made while the asker waits, answered as blackbox_exporter does; and GET
// /logs, what one of the last ones logged: that of ?id=, or the newest of ?target= (&module=).
//
// A probe that failed is still an answer (200). Over the bound of probes served at once it is 503
// with Retry-After, and counted: a thread of the web server waits with each of them, and /metrics
// needs some too. Owned by Exporter; the handlers run on the web server's threads.
#pragma once

#include <mutex>

#include <prometheus/counter.h>
#include <prometheus/registry.h>

#include "common/base/shared.h"
#include "common/http/http_server.h"
#include "exporter/blackbox/on_demand_prober.h"
#include "exporter/blackbox/probe_history.h"
#include "exporter/discovery/discovery_settings.h"

namespace selfheal {

class ProbeEndpoint {
 public:
  // `timeout_offset`: what is left of Prometheus' scrape timeout for the way back. All must outlive
  // it; the counters go to `registry`.
  ProbeEndpoint(OnDemandProber& prober, ProbeHistory& history, TraceSeconds timeout_offset,
                prometheus::Registry& registry);

  // Whose modules probes are made with from now on; until then with the built-in ones.
  void use(Shared<DiscoverySettings> settings);
  ServerResponse probe(const ServerRequest& request);
  ServerResponse logs(const ServerRequest& request) const;

 private:
  Shared<DiscoverySettings> settings() const;
  ServerResponse refused(OnDemandProber::Unavailable why);

  OnDemandProber& prober_;
  ProbeHistory& history_;
  const TraceSeconds timeout_offset_;
  prometheus::Counter* unknown_modules_;
  prometheus::Counter* refusals_;
  mutable std::mutex mutex_;
  Shared<DiscoverySettings> settings_;
};

}  // namespace selfheal
