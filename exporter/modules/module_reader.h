// From one module's YAML mapping to a Module: see module_file.h.
//
// [pure]
#pragma once

#include <string>
#include <vector>

#include "common/base/yaml_fields.h"
#include "exporter/modules/module.h"

namespace selfheal {

// Faults go to `fields`, warnings (a line each) to `warnings`.
Module read_module(const std::string& name, YamlFields& fields, std::vector<std::string>& warnings);

}  // namespace selfheal
