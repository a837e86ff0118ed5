// process_*: CPU, memory, descriptors and start time of this process, as every Prometheus client
// publishes them, read from /proc at each scrape. Thread-safe.
#pragma once

#include "common/exposition/metrics_source.h"

namespace selfheal {

class ProcessMetrics final : public MetricsSource {
 public:
  void write(MetricsWriter& out) const override;
};

}  // namespace selfheal
