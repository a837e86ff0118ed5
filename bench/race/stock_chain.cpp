#include "bench/race/stock_chain.h"

namespace selfheal::race {

void StockChain::begin(const std::string& container, WallTime broken_at) {
  container_ = container;
  broken_at_ = broken_at;
}

Outcome<> StockChain::tell(Marks& marks) {
  const std::string labels = "container=\"" + container_ + "\"";
  const WallTime now = clock_.wall_now();
  const auto probe = prometheus_.first("probe_success{" + labels + "}", broken_at_, now,
                                       [](const Sample& sample) { return sample.value == 0; });
  if (!probe) return probe.error();
  const auto alert = prometheus_.first("ALERTS{alertstate=\"firing\"," + labels + "}", broken_at_,
                                       now, [](const Sample&) { return true; });
  if (!alert) return alert.error();
  marks[Mark::first_failed_probe] = ms_since(broken_at_, probe->at);
  marks[Mark::alert_firing] = ms_since(broken_at_, alert->at);
  return Done{};
}

}  // namespace selfheal::race
