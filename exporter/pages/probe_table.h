// The part of the landing page about probes on demand: a form to make one, and the last ones with
// their logs. [pure]
#pragma once

#include <string>
#include <vector>

#include "exporter/blackbox/probe_history.h"

namespace selfheal {

std::string render_recent_probes(const std::vector<RecentProbe>& newest_first, WallTime now);

}  // namespace selfheal
