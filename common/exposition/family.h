// Short ways to make prometheus::MetricFamily values by hand.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <prometheus/metric_family.h>

namespace selfheal {

prometheus::MetricFamily make_family(std::string name, std::string help,
                                     prometheus::MetricType type);

using LabelPair = std::pair<std::string, std::string>;

// Appends one gauge or counter sample, by the family's type.
void add_sample(prometheus::MetricFamily& family, std::vector<LabelPair> labels, double value);

}  // namespace selfheal
