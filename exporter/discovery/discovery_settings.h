// What the configuration says about how containers are probed.
//
// [pure] Immutable once read: discovery shares it by pointer, a reload brings another one.
#pragma once

#include <memory>

#include "exporter/modules/module.h"
#include "exporter/probes/probe.h"

namespace selfheal {

struct DiscoverySettings {
  ProbeSettings defaults;  // of every probe; labels win
  ModuleSet modules;
};

using DiscoverySettingsPtr = std::shared_ptr<const DiscoverySettings>;

}  // namespace selfheal
