// What `selfheal-exporter probe TARGET [--module M]` is to probe, and how. [pure]
#pragma once

#include <string>

#include "common/base/result.h"
#include "exporter/modules/module.h"

namespace selfheal {

struct CommandTarget {
  ModulePtr module;    // never null
  std::string target;  // as a ProbeRequest wants it
};

// `text` is a URL (http, https, tcp, grpc, grpcs, dns, icmp), whose scheme chooses the module where
// none is named, or what /probe takes for the module; without both, http. The error says what is
// wrong and what to write instead.
Result<CommandTarget> read_command_target(const std::string& text, const std::string& module_name,
                                          const ModuleSet& modules);

}  // namespace selfheal
