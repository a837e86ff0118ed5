// The exporter's configuration: a YAML file to plain structs, checked. None is needed.
// selfheal-exporter.example.yml has all of it.
//
//   defaults:                # of every probe; a container's labels and a target's own win
//     interval: 15s
//     edge_interval: 5s      # between states; a third of the interval where it is not given
//     timeout: 5s
//     failure_threshold: 3
//     success_threshold: 1
//     start_period: 10s
//   module_files: [blackbox.yml]   # further modules; beside this file, or an absolute path
//   modules: {…}             # module_file.h
//   targets: […]             # static_targets.h
//   overrides: […]           # label_overrides.h
//   docker:
//     resync_interval: 60s
//     host_address: 192.0.2.10   # where published ports are reached; without it, where Docker is
//   limits:
//     probes_in_flight: 1000
//     exec_in_flight: 8
//     probes_on_demand: 32   # served by /probe at once; more than at the start: when restarted
#pragma once

#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/base/shared.h"
#include "exporter/discovery/discovery_settings.h"
#include "exporter/discovery/static_targets.h"

namespace selfheal {

struct ExporterSettings {
  Shared<DiscoverySettings> discovery;
  TargetList targets;
  Milliseconds resync_interval{60'000};
  int probes_in_flight = 1000;
  int exec_in_flight = 8;
  int probes_on_demand = 32;
  // What loads but is not done as written, a line each, for the log.
  std::vector<std::string> warnings;
};

// An empty path gives the defaults. The error names file, line, key and what was expected, for each
// fault that there is.
Result<ExporterSettings> read_config(const std::string& path);
// The same for text that is already here; `name` stands in for the file's.
Result<ExporterSettings> read_config_text(const std::string& text, const std::string& name);

// The settings as the YAML that would bring them about, for /config; secrets are masked.
std::string to_yaml(const ExporterSettings& settings);

// What there is in them, for a person: "3 modules of its own, 2 targets, 1 override".
std::string summary(const ExporterSettings& settings);

}  // namespace selfheal
