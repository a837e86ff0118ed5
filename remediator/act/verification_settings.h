// When an attempt counts as one that worked, as the configuration says it. [pure]
#pragma once

#include <map>
#include <optional>
#include <string>

#include "common/base/clock.h"

namespace selfheal {

// What is different for an action or an alert.
struct VerificationChange {
  std::optional<Milliseconds> settled;
  std::optional<Milliseconds> timeout;
  std::string query;  // empty: none
};

struct VerificationSettings {
  Milliseconds settled{10'000};  // healthy for that long since its start
  Milliseconds poll_interval{500};
  Milliseconds timeout{60'000};  // from the action to the verdict "not healthy"
  // In the place of what probes say: proven when its answer has a sample for the container, by its
  // labels host and container, that is not 0 or NaN. That the start is the right one is asked too.
  std::string query;
  std::map<std::string, VerificationChange> actions;
  std::map<std::string, VerificationChange> alerts;  // by alertname; wins over the action's
  bool has_own_time = false;  // the timeout is the step's own, whatever labels grant
};

}  // namespace selfheal
