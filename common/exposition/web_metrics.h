// Whether the file of --web.config.file is in force as it stands, for a daemon's own metrics.
// Thread-safe.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include "common/http/web_gate.h"

namespace selfheal {

class WebMetrics final : public prometheus::Collectable {
 public:
  // `prefix` as in "selfheal_exporter". Without a gate there is nothing to tell.
  WebMetrics(std::string prefix, std::shared_ptr<const WebGate> gate);
  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const std::string name_;
  const std::shared_ptr<const WebGate> gate_;
};

}  // namespace selfheal
