// The timeline of the last day: a row a container, with each of its incidents below it. [pure]
#pragma once

#include <string>
#include <vector>

#include "remediator/view/timeline.h"

namespace selfheal {

// Rows in the order in which their containers first come in `tracks`, which are newest first.
std::string render_timeline(const std::vector<Track>& tracks, WallTime now, const std::string& top);

// One incident over the whole width, with its spans and how long they took as text.
std::string render_track(const Track& track, WallTime now, const std::string& top);

}  // namespace selfheal
