// `selfheal-remediator explain PAYLOAD.json`: what would be done with each alert of a payload, or
// was done with it, and why. Nothing is written, nothing is done.
//
// Without a time, or with one to come, it is decided as the remediator would: by what Docker and
// Prometheus say now, and the journal. Of the past the journal tells what was decided.
#pragma once

#include <string>

#include "common/base/clock.h"
#include "remediator/remediator.h"

namespace selfheal {

struct ExplainOptions {
  std::string payload_file;  // "-" for standard input
  std::string journal;       // empty: as if nothing had happened before
  std::string at;            // empty: now
  bool json = false;         // a line of JSON for each alert
};

// Prints to stdout, faults to stderr; the program's exit status.
int explain(const ExplainOptions& options, const RemediatorOptions& remediator, const Clock& clock);

}  // namespace selfheal
