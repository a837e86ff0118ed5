// A decision as the journal keeps it, with the facts it was made from. [pure]
#pragma once

#include <string>

#include "common/base/clock.h"

namespace selfheal {

struct DecisionRow {
  WallTime decided_at;
  std::string verdict;
  std::string reason;
  std::string detail;
  std::string facts;  // JSON
};

}  // namespace selfheal
