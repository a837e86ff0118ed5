#include "exporter/blackbox/probe_endpoint.h"

#include <charconv>
#include <optional>
#include <utility>

#include "common/base/log.h"
#include "common/exposition/scrape_request.h"
#include "exporter/blackbox/debug_output.h"
#include "exporter/blackbox/probe_parameters.h"
#include "exporter/blackbox/trace_families.h"
#include "exporter/probes/net/redacted_url.h"

namespace selfheal {
namespace {

constexpr const char* kTimeoutHeader = "X-Prometheus-Scrape-Timeout-Seconds";

ServerResponse text_response(int status, std::string text) {
  return {.status = status, .body = std::move(text), .headers = {}};
}

prometheus::Counter& add_counter(prometheus::Registry& registry, const char* name,
                                 const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add({});
}

ServerResponse metrics_response(const RecentProbe& probe) {
  return {.body = trace_families(probe.module->prober, probe.result),
          .content_type = content_type(MetricsFormat::text),
          .headers = {}};
}

void log_result(const RecentProbe& probe) {
  const bool failed = probe.result.outcome == ProbeOutcome::failed;
  log::debug("probe on demand",
             {{"target", probe.target},
              {"module", probe.module->name},
              {"outcome", std::string(to_string(probe.result.outcome))},
              {"reason", failed ? std::string(to_string(probe.result.reason)) : ""},
              {"err", probe.result.detail}});
}

std::optional<int64_t> parse_id(const std::string& text) {
  int64_t id = 0;
  const char* end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, id);
  if (fault != std::errc{} || stop != end) return std::nullopt;
  return id;
}

}  // namespace

ProbeEndpoint::ProbeEndpoint(OnDemandProber& prober, ProbeHistory& history,
                             TraceSeconds timeout_offset, prometheus::Registry& registry)
    : prober_(prober),
      history_(history),
      timeout_offset_(timeout_offset),
      unknown_modules_(&add_counter(registry, "blackbox_module_unknown_total",
                                    "Count of unknown modules requested by probes")),
      refusals_(&add_counter(registry, "selfheal_exporter_on_demand_probes_refused_total",
                             "Requests to /probe beyond limits.probes_on_demand, answered with "
                             "503.")) {}

void ProbeEndpoint::use(Shared<DiscoverySettings> settings) {
  const std::lock_guard lock(mutex_);
  settings_ = std::move(settings);
}

Shared<DiscoverySettings> ProbeEndpoint::settings() const {
  const std::lock_guard lock(mutex_);
  return settings_;
}

ServerResponse ProbeEndpoint::refused(OnDemandProber::Unavailable why) {
  if (why == OnDemandProber::Unavailable::stopping) return text_response(503, "stopping\n");
  refusals_->Increment();
  ServerResponse response = text_response(
      503,
      "too many probes are being served; limits.probes_on_demand in the configuration bounds "
      "them\n");
  response.headers.emplace_back("Retry-After", "1");
  return response;
}

ServerResponse ProbeEndpoint::probe(const ServerRequest& request) {
  auto order = read_probe_order(request.query_string(), request.header(kTimeoutHeader),
                                settings()->modules, timeout_offset_);
  if (!order) {
    if (order.error().cause == ProbeRefusal::Cause::unknown_module) unknown_modules_->Increment();
    return text_response(order.error().status, order.error().text + '\n');
  }
  RecentProbe made{
      0, redacted_url(order->target), order->request.module, order->request.timeout, {}};
  auto result = prober_.probe(std::move(order->request));
  if (!result) return refused(result.error());
  made.result = std::move(*result);
  log_result(made);
  history_.add(made);
  if (order->output == ProbeOutput::debug) return text_response(200, debug_output(made));
  return metrics_response(made);
}

ServerResponse ProbeEndpoint::logs(const ServerRequest& request) const {
  const auto id = parse_id(request.query("id"));
  const std::string target = request.query("target");
  const std::string module = request.query("module");
  if (id && !target.empty())
    return text_response(400, "Probe id and target can't be defined at the same time\n");
  if (!id && target.empty())
    return text_response(400, "Probe id or target must be defined as http query parameters\n");
  if (id && !module.empty())
    return text_response(400,
                         "Probe module filter only works in conjunction with target parameter\n");
  const auto probe = id ? history_.find(*id) : history_.newest(redacted_url(target), module);
  if (!probe) return text_response(404, id ? "Probe id not found\n" : "Probe target not found\n");
  return text_response(200, debug_output(*probe));
}

}  // namespace selfheal
