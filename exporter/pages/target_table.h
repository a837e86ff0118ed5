// The part of the landing page about the targets. [pure]
#pragma once

#include <string>

#include "exporter/pages/landing_page.h"

namespace selfheal {

// One link a verdict with its count, and a field to search.
std::string render_target_filter(const LandingPage& page);
// What the filter leaves.
std::string render_targets(const LandingPage& page);

}  // namespace selfheal
