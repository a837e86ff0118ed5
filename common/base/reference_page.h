// The reference of what a program can be told, in Markdown: its flags, its commands, and the keys
// of its configuration files, made from the flags and the readers themselves. A test compares the
// committed CONFIGURATION.md with it.
//
// Any thread. [pure]
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "common/base/yaml_reference.h"

namespace selfheal {

std::string reference_page(const CLI::App& app, const std::vector<ConfigurationFile>& files);

// The part about one file.
std::string reference_of(const ConfigurationFile& file);

}  // namespace selfheal
