// One probe told to a person at a terminal: where it went, how long each phase took, what came
// back, the certificate, and the verdict with its reason.
//
// [pure] Whatever comes from the peer is printable; no line is longer than the terminal is wide, as
// long as that is at least 40 columns.
#pragma once

#include <cstddef>
#include <string>

#include "exporter/blackbox/probe_history.h"

namespace selfheal {

enum class Colours { none, ansi };

struct Terminal {
  size_t columns = 80;
  Colours colours = Colours::none;
};

std::string probe_report(const RecentProbe& probe, WallTime now, const Terminal& terminal);

}  // namespace selfheal
