// Whether a container asked to be watched and mended, by its labels. One answer for both daemons:
// what the exporter watches is what the remediator may touch. [pure]
#pragma once

#include "common/docker/docker_api.h"

namespace selfheal {

// selfheal.enable=true; monitored=true counts where selfheal.enable says nothing.
bool opted_in(const Labels& labels);

}  // namespace selfheal
