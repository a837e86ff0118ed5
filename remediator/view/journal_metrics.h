// What /metrics says of what is the case now, read from the journal at each scrape: open incidents,
// breakers, queue, pauses, and the hosts' Docker Engines. What happened is counted in
// metrics/remediation_metrics.h. Safe from any thread.
//
// A breaker has a series while it is open, with 1, and with 0 while a container has an open
// incident and attempts left. It ends when the container has been well for guards.healthy_reset, or
// a day after an incident that only expired (breaker.h).
#pragma once

#include <vector>

#include "common/base/clock.h"
#include "common/exposition/metrics_source.h"
#include "remediator/act/docker_hosts.h"
#include "remediator/config.h"
#include "remediator/journal/journal.h"

namespace selfheal {

class JournalMetrics final : public MetricsSource {
 public:
  JournalMetrics(Journal& journal, const DockerHosts& hosts, const CurrentSettings& settings,
                 const Clock& clock);
  void write(MetricsWriter& out) const override;

 private:
  void write_incidents(MetricsWriter& out, const std::vector<Incident>& open) const;
  void write_breakers(MetricsWriter& out, const std::vector<AttemptCount>& counts) const;

  Journal& journal_;
  const DockerHosts& hosts_;
  const CurrentSettings& settings_;
  const Clock& clock_;
};

}  // namespace selfheal
