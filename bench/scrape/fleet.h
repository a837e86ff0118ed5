// A health table as the exporter has it that watches many containers with one http probe each, all
// of which have been probed for a while: what a scrape of a large host renders.
#pragma once

#include "exporter/health/health_table.h"

namespace selfheal {

void watch_containers(size_t containers, HealthTable& table);

}  // namespace selfheal
