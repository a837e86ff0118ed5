// process_*: CPU, memory, descriptors and start time of this process, as every Prometheus client
// publishes them, read from /proc at each scrape. Thread-safe.
#pragma once

#include <prometheus/collectable.h>

namespace selfheal {

class ProcessMetrics final : public prometheus::Collectable {
 public:
  std::vector<prometheus::MetricFamily> Collect() const override;
};

}  // namespace selfheal
