// Durations in a container's labels. [pure]
#pragma once

#include <string>

#include "common/docker/docker_api.h"

namespace selfheal {

// The longest of a duration label and its variants for named probes (selfheal.interval,
// selfheal.interval.NAME); `fallback` where there is none that can be read.
Milliseconds longest_duration(const Labels& labels, const std::string& label,
                              Milliseconds fallback);

}  // namespace selfheal
