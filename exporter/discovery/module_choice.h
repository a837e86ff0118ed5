// Which module a probe is made with: the one that is named, else the default of its URL's kind,
// with what the URL itself says put in.
//
// [pure]
#pragma once

#include <string>

#include "common/base/result.h"
#include "exporter/modules/module.h"
#include "exporter/probes/probe.h"

namespace selfheal {

// `name` empty: the default. The error says what is wrong with `name`, or (for the default) with
// the URL.
Result<ModulePtr> choose_module(const ProbeUrl& url, const std::string& name,
                                const ModuleSet& modules);

// The timeout of a probe that has none of its own.
Milliseconds timeout_with(const Module& module, const ProbeSettings& defaults);

}  // namespace selfheal
