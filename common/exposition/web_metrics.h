// Whether the file of --web.config.file is in force as it stands, and how many logins were turned
// away, for a daemon's own metrics. Thread-safe.
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
  // `prefix` as in "selfheal_exporter". What is null is not told of.
  WebMetrics(std::string prefix, std::shared_ptr<const WebGate> gate,
             std::shared_ptr<const LoginLimit> logins);
  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const std::string prefix_;
  const std::shared_ptr<const WebGate> gate_;
  const std::shared_ptr<const LoginLimit> logins_;
};

}  // namespace selfheal
