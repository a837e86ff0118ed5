#include "common/exposition/web_metrics.h"

#include <utility>

namespace selfheal {

WebMetrics::WebMetrics(std::string prefix, std::shared_ptr<const WebGate> gate)
    : name_(std::move(prefix) + "_web_config_last_reload_successful"), gate_(std::move(gate)) {}

std::vector<prometheus::MetricFamily> WebMetrics::Collect() const {
  if (gate_ == nullptr) return {};
  prometheus::MetricFamily family;
  family.name = name_;
  family.help = "Whether the web configuration file could be used when it was last read.";
  family.type = prometheus::MetricType::Gauge;
  family.metric.emplace_back().gauge.value = gate_->last_reload_successful() ? 1 : 0;
  return {std::move(family)};
}

}  // namespace selfheal
