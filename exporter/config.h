// The exporter's configuration: a YAML file to plain structs, checked. None is needed.
// CONFIGURATION.md has all of it, made from what reads it, where each key stands with what it is;
// selfheal-exporter.example.yml shows it.
#pragma once

#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/base/shared.h"
#include "common/base/yaml_reference.h"
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

// Every key of the file, for the reference.
YamlReference config_reference();

// The settings as the YAML that would bring them about, for /config; secrets are masked.
std::string to_yaml(const ExporterSettings& settings);

// What there is in them, for a person: "3 modules of its own, 2 targets, 1 override".
std::string summary(const ExporterSettings& settings);

}  // namespace selfheal
