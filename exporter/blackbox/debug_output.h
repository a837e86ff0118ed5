// What /probe?debug=true and /logs?id= show of one probe: its log, its metrics, and the module it
// was made with, secrets masked. [pure]
#pragma once

#include <string>

#include "exporter/blackbox/probe_history.h"

namespace selfheal {

std::string debug_output(const RecentProbe& probe);

// One line for each step that the probe logged, without its beginning and end.
std::string log_lines(const std::vector<TraceLine>& log);

}  // namespace selfheal
