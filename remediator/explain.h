// `selfheal-remediator explain PAYLOAD.json`: what would be decided for each alert of a payload,
// and why. Reads Docker, Prometheus and a journal, writes nothing, does nothing.
#pragma once

#include <optional>
#include <string>

#include "common/base/clock.h"
#include "remediator/remediator.h"

namespace selfheal {

struct ExplainOptions {
  std::string payload_file;  // "-" for standard input
  std::string journal;       // empty: as if nothing had happened before
  std::string at;            // empty: now
};

// Prints to stdout, faults to stderr; the program's exit status.
int explain(const ExplainOptions& options, const RemediatorOptions& remediator, const Clock& clock);

}  // namespace selfheal
