#include "common/exposition/web_metrics.h"

#include <utility>

namespace selfheal {

WebMetrics::WebMetrics(std::string prefix, std::shared_ptr<const WebGate> gate,
                       std::shared_ptr<const LoginLimit> logins)
    : prefix_(std::move(prefix)), gate_(std::move(gate)), logins_(std::move(logins)) {}

std::vector<prometheus::MetricFamily> WebMetrics::Collect() const {
  std::vector<prometheus::MetricFamily> families;
  if (gate_ != nullptr) {
    prometheus::MetricFamily& family = families.emplace_back();
    family.name = prefix_ + "_web_config_last_reload_successful";
    family.help = "Whether the web configuration file could be used when it was last read.";
    family.type = prometheus::MetricType::Gauge;
    family.metric.emplace_back().gauge.value = gate_->last_reload_successful() ? 1 : 0;
  }
  if (logins_ != nullptr) {
    prometheus::MetricFamily& family = families.emplace_back();
    family.name = prefix_ + "_web_logins_limited_total";
    family.help = "Logins that were not looked at: too many from their address were wrong.";
    family.type = prometheus::MetricType::Counter;
    family.metric.emplace_back().counter.value = static_cast<double>(logins_->limited());
  }
  return families;
}

}  // namespace selfheal
