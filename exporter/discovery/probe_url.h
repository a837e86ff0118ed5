// Reads a probe's address as labels write it: `http://:8080/health`, `tcp://:5432`, `docker:`.
// [pure] The error says what was expected.
#pragma once

#include <string_view>

#include "common/base/result.h"
#include "exporter/probes/probe.h"

namespace selfheal {

Result<ProbeUrl> parse_probe_url(std::string_view text);

}  // namespace selfheal
