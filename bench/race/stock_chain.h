// blackbox_exporter, Prometheus, Alertmanager, webhook: what Prometheus has stored of a round.
#pragma once

#include "bench/race/chain.h"
#include "bench/race/prometheus.h"

namespace selfheal::race {

class StockChain final : public Chain {
 public:
  StockChain(const std::string& prometheus, BlockingHttpClient& http, const Clock& clock)
      : prometheus_(http, prometheus), clock_(clock) {}

  void begin(const std::string& container, WallTime broken_at) override;
  Outcome<> tell(Marks& marks) override;

 private:
  Prometheus prometheus_;
  const Clock& clock_;
  std::string container_;
  WallTime broken_at_{};
};

}  // namespace selfheal::race
