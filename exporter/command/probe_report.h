// One probe told to a person at a terminal: where it went, how long each phase took, what came
// back, the certificate, and the verdict with its reason. [pure]
#pragma once

#include <string>

#include "exporter/blackbox/probe_history.h"
#include "exporter/command/terminal_text.h"

namespace selfheal {

// `now` is what certificates are held against.
std::string probe_report(const RecentProbe& probe, WallTime now, const Terminal& terminal);

}  // namespace selfheal
