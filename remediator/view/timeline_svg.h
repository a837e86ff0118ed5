// Tracks drawn as inline SVG. [pure]
//
// Everything is told by shape as well as by colour: a failure is a thin bar, waiting a hollow box
// with a dashed edge, an attempt a full bar of the whole height, verifying a half-high one; the
// ends are a tick in a circle, a hollow circle, a cross in a diamond, and an arrow. The SVG holds
// no style and no id: classes of page_style.h, places in percent, so it is as wide as its room.
// Each span tells in a <title> what it is.
#pragma once

#include <string>
#include <vector>

#include "remediator/view/timeline.h"

namespace selfheal {

// All tracks in one strip. `window` is what its width stands for.
std::string timeline_svg(const std::vector<Track>& tracks, const Window& window);

// What the shapes mean, as a list.
std::string timeline_legend();

}  // namespace selfheal
