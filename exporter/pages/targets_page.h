// What people and scripts look at: `/`, a page with the present targets and the last probes on
// demand, and `/api/v1/targets`. Safe from any thread. pages/ has what they look like.
#pragma once

#include <string>

#include "common/base/clock.h"
#include "common/http/http_server.h"
#include "exporter/blackbox/probe_history.h"
#include "exporter/health/health_table.h"

namespace selfheal {

class TargetsPage {
 public:
  TargetsPage(const HealthTable& table, const ProbeHistory& history, std::string telemetry_path,
              const Clock& clock)
      : table_(table),
        history_(history),
        telemetry_path_(std::move(telemetry_path)),
        clock_(clock) {}

  // `?q=` searches, `?health=` takes the targets of one verdict.
  ServerResponse html(const ServerRequest& request) const;
  ServerResponse json() const;

 private:
  const HealthTable& table_;
  const ProbeHistory& history_;
  const std::string telemetry_path_;
  const Clock& clock_;
};

}  // namespace selfheal
