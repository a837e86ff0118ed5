// The page at `/`, for a person: which targets are in trouble, why, and since when. [pure]
//
// Plain HTML and CSS, no script. Everything that comes from containers, peers or the asker is
// escaped; the page forbids the browser to load anything at all. Rendered anew for each request.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "exporter/blackbox/probe_history.h"
#include "exporter/pages/target_rows.h"

namespace selfheal {

// Rows beyond that are counted, not shown.
inline constexpr size_t kMostRows = 1000;

struct LandingPage {
  WallTime now;
  std::string version;
  std::string telemetry_path;
  TargetFilter filter;
  std::vector<TargetRow> targets;  // all of them, worst first
  std::map<std::string, HostRow> hosts;
  std::vector<RecentProbe> recent_probes;  // newest first
};

std::string render(const LandingPage& page);

}  // namespace selfheal
