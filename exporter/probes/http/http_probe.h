// Passes when a request, redirects followed, ends with a response that its module accepts. Each
// request goes over a connection of its own: a kept one proves less. Belongs to the loop's thread.
//
//   http_request.*   what is sent, from module and target, and where redirects lead
//   http_route.*     where each hop connects to: an address or a proxy (http_proxy.*)
//   quick_exchange.* one request and its response: by plain_exchange.* where that will do, else by
//                    http_exchange.*, which is libcurl
//   http_body.*      the body: decoded, counted, bounded
//   http_verdict.*   whether the response will do
//   http_run.*       one probe: hops, verdict, trace
#pragma once

#include "exporter/probes/http/http_run.h"
#include "exporter/probes/http/run_prober.h"

namespace selfheal {

using HttpProber = RunProber<HttpRun>;

}  // namespace selfheal
