// An outcome as the journal keeps it, with what became of telling it. [pure]
#pragma once

#include "remediator/outcome/outcome.h"

namespace selfheal {

// Neither told nor given up: it is still in the outbox.
struct OutcomeRow {
  int64_t id = 0;
  OutcomeMessage message;
  std::optional<WallTime> told_at;
  std::optional<WallTime> given_up_at;
};

}  // namespace selfheal
