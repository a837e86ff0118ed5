// What a request to /probe asks for, read as blackbox_exporter reads it. [pure]
//
//   target    what is to be probed
//   module    how; http_2xx where it is not given
//   hostname  of http: Host header and TLS server name; of tcp: the TLS server name
//   debug     "true": the log of the probe instead of metrics alone
//
// The time for it is Prometheus' own scrape timeout (a header of the request, or 120 s) less an
// offset for the way back; the module's timeout where that is shorter.
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"
#include "exporter/modules/module.h"
#include "exporter/probes/probe.h"

namespace selfheal {

enum class ProbeOutput { metrics, debug };

struct ProbeOrder {
  std::string target;  // as it was asked for
  ProbeRequest request;
  ProbeOutput output = ProbeOutput::metrics;
};

// Status and text of the answer where there is nothing to probe.
struct ProbeRefusal {
  enum class Cause { unknown_module, other };
  int status = 400;
  std::string text;
  Cause cause = Cause::other;
};

// `query` is the request's query string, not decoded; `scrape_timeout` the header
// X-Prometheus-Scrape-Timeout-Seconds, or empty.
Result<ProbeOrder, ProbeRefusal> read_probe_order(std::string_view query,
                                                  const std::string& scrape_timeout,
                                                  const ModuleSet& modules,
                                                  TraceSeconds timeout_offset);

// `target` as the prober of `kind` wants it: for http with a scheme.
std::string complete_target(ProbeKind kind, std::string target);

}  // namespace selfheal
