// The families of a prometheus::Collectable, such as a Registry, as a MetricsSource.
//
// For the process's own metrics, which are few: what a Collectable collects is in memory at once.
#pragma once

#include <prometheus/collectable.h>

#include "common/exposition/metrics_source.h"

namespace selfheal {

class CollectableSource final : public MetricsSource {
 public:
  // `collectable` must outlive the source, and be thread-safe.
  explicit CollectableSource(const prometheus::Collectable& collectable)
      : collectable_(collectable) {}
  void write(MetricsWriter& out) const override;

 private:
  const prometheus::Collectable& collectable_;
};

}  // namespace selfheal
