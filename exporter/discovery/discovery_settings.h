// What the configuration says about how containers are probed.
//
// [pure] Immutable once read: shared, a reload brings another one.
#pragma once

#include <string>
#include <vector>

#include "common/base/shared.h"
#include "exporter/discovery/label_overrides.h"
#include "exporter/modules/module.h"
#include "exporter/probes/probe.h"

namespace selfheal {

struct DiscoverySettings {
  ProbeSettings defaults;  // of every probe; labels win
  ModuleSet modules;
  std::vector<LabelOverride> overrides;
  std::string host_address;  // of Docker's host, a literal; empty: where the engine answers
};

}  // namespace selfheal
