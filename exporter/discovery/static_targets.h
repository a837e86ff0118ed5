// The targets of the configuration file, which no Docker knows:
//
//   targets:
//     - name: shop                      # series carry target="shop"
//       url: https://shop.example.org/health
//       module: http_2xx                # else what suits the URL
//       group: shops                    # else the name
//       labels: {team: blue}            # of its series, beside target, group and probe
//       interval: 30s                   # this and the other numbers: else those of `defaults`
//       edge_interval: 10s
//       timeout: 3s                     # else the module's
//       failure_threshold: 3
//       success_threshold: 1
//
// [pure] They become the same values as containers do, of Origin::configured, once per reading: a
// file may have a hundred thousand.
#pragma once

#include <string>
#include <vector>

#include "common/base/yaml_fields.h"
#include "exporter/discovery/discovery_settings.h"
#include "exporter/discovery/inventory.h"
#include "exporter/discovery/watched_container.h"

namespace selfheal {

using TargetList = std::vector<WatchedContainerPtr>;  // ordered by name

// Reads the key `targets` of the file's root; `discovery` has to be read before.
TargetList read_targets(YamlFields& root, const DiscoverySettings& discovery);

// As the file would say it, under `targets:`; nothing where there are none.
std::string to_yaml(const TargetList& targets, const DiscoverySettings& discovery);

// What has to be applied to get from `before` to `now`. Where nothing changed `now` takes over the
// value of `before`, so that there is only one in memory.
InventoryChange changes(const TargetList& before, TargetList& now);

}  // namespace selfheal
