// GET /api/v1/targets: everything that is known of the targets, for scripts. [pure]
#pragma once

#include <string>

#include "exporter/health/health_table.h"

namespace selfheal {

// {"targets": [...], "hosts": [...]}, a target a line, ordered by host and name. Absent times are
// empty texts. Made target by target: of a hundred thousand there is never more than the text.
std::string targets_json(const HealthSnapshot& all);

}  // namespace selfheal
