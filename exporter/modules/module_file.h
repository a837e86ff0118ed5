// Modules from a configuration file in blackbox_exporter's schema, and back to YAML.
//
// [pure] Takes every key of its v0.23 to v0.28, with its defaults and its checks; unknown keys are
// faults with their line. What this exporter does not do (CEL, OAuth 2, HTTP/3, unix, websocket,
// references to secret stores) is read and makes the module `unsupported`, so that the other
// modules of the file work. What could never pass (a regular expression that is none, an unknown
// answer code) is a fault here, where blackbox_exporter lets some of it fail at every probe.
#pragma once

#include <string>
#include <vector>

#include "common/base/yaml_fields.h"
#include "exporter/modules/module.h"

namespace selfheal {

// Reads the key `modules` of the file's root over what is in `modules`. `warnings` gets one line
// for each thing that loads but is not done, or is done otherwise than it is written.
void read_modules(YamlFields& root, ModuleSet& modules, std::vector<std::string>& warnings);

// As the file would say it: what differs from the defaults, secrets as <secret>. Passwords in URLs
// and headers that carry credentials are secrets too.
std::string to_yaml(const Module& module);
// All of them under `modules:`.
std::string to_yaml(const ModuleSet& modules);

}  // namespace selfheal
