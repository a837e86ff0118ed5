// selfheal's own chain: the exporter and Prometheus tell of the probes and the alert, the
// remediator's journal of the rest.
#pragma once

#include <optional>

#include <nlohmann/json_fwd.hpp>

#include "bench/race/chain.h"
#include "bench/race/prometheus.h"

namespace selfheal::race {

class OurChain final : public Chain {
 public:
  OurChain(const ChainAddresses& addresses, BlockingHttpClient& http, const Clock& clock);

  void begin(const std::string& container, WallTime broken_at) override;
  // Watches the exporter's count reach the threshold: only the count is published, not its time.
  void glance() override;
  Outcome<> tell(Marks& marks) override;
  std::optional<int> recovered() override;

 private:
  Outcome<> tell_of_alert(Marks& marks);
  Outcome<> tell_of_incident(Marks& marks);
  Result<nlohmann::json> get(const std::string& url);
  // The latest incident of the container in full, once its attempt has been carried out.
  Result<nlohmann::json> incident();

  const ChainAddresses addresses_;
  BlockingHttpClient& http_;
  const Clock& clock_;
  Prometheus prometheus_;
  std::string container_;
  WallTime broken_at_{};
  std::optional<WallTime> threshold_at_;
};

}  // namespace selfheal::race
