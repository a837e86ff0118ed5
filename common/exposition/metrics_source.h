// Something that has metrics to publish. Called by a scrape's thread: implementations are
// thread-safe.
#pragma once

#include "common/exposition/metrics_writer.h"

namespace selfheal {

class MetricsSource {
 public:
  virtual ~MetricsSource() = default;
  virtual void write(MetricsWriter& out) const = 0;
};

}  // namespace selfheal
