// What the configuration says about how containers are probed.
//
// [pure] Immutable once read: shared, a reload brings another one.
#pragma once

#include "common/base/shared.h"
#include "exporter/modules/module.h"
#include "exporter/probes/probe.h"

namespace selfheal {

struct DiscoverySettings {
  ProbeSettings defaults;  // of every probe; labels win
  ModuleSet modules;
};

}  // namespace selfheal
