#include "common/exposition/family.h"

namespace selfheal {

prometheus::MetricFamily make_family(std::string name, std::string help,
                                     prometheus::MetricType type) {
  prometheus::MetricFamily family;
  family.name = std::move(name);
  family.help = std::move(help);
  family.type = type;
  return family;
}

void add_sample(prometheus::MetricFamily& family, std::vector<LabelPair> labels, double value) {
  prometheus::ClientMetric metric;
  metric.label.reserve(labels.size());
  for (auto& [name, text] : labels) metric.label.push_back({std::move(name), std::move(text)});
  if (family.type == prometheus::MetricType::Counter)
    metric.counter.value = value;
  else
    metric.gauge.value = value;
  family.metric.push_back(std::move(metric));
}

}  // namespace selfheal
