// The labels that all series of a container, or of one of its probes, carry: as blocks that are
// made once, when its row is, and copied at each scrape.
//
// [pure]
#pragma once

#include <string>

#include "exporter/discovery/watched_container.h"

namespace selfheal {

// `host="…",container="…",group="…"`, of a configured target `target="…",group="…"` and its own.
std::string container_labels(const WatchedContainer& seen);
// Those of its container, and `probe="…"`.
std::string probe_labels(const std::string& container_labels, const ProbeSpec& spec);

}  // namespace selfheal
