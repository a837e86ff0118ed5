// What people and scripts look at: `/`, a page with the present targets, and the same as JSON at
// `/api/v1/targets`. Safe from any thread; whatever comes from containers is escaped.
#pragma once

#include <string>

#include "common/base/clock.h"
#include "common/http/http_server.h"
#include "exporter/health/health_table.h"

namespace selfheal {

class TargetsPage {
 public:
  TargetsPage(const HealthTable& table, std::string telemetry_path, const Clock& clock)
      : table_(table), telemetry_path_(std::move(telemetry_path)), clock_(clock) {}

  ServerResponse html() const;
  ServerResponse json() const;

 private:
  const HealthTable& table_;
  const std::string telemetry_path_;
  const Clock& clock_;
};

}  // namespace selfheal
