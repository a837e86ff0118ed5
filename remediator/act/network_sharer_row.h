// The restart of a container that shares the network of another one, as the journal's decisions
// have it: why it may be touched, and what tells later whether it came. [pure]
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "remediator/decision/facts.h"
#include "remediator/incident/incident.h"
#include "remediator/journal/decision_row.h"

namespace selfheal {

struct SharerRestart {
  std::string id;
  std::string name;
  std::optional<WallTime> started_before;
  std::chrono::seconds stop_timeout{10};
  WallTime requested_at;
};

// Of the container that `facts` has inspected, and is about to be restarted.
SharerRestart sharer_restart(const Facts& facts);
DecisionRow row_of(const SharerRestart& restart, const Facts& facts);
// Those that an incident's decisions tell of, in their order.
std::vector<SharerRestart> sharer_restarts(const std::vector<DecisionRow>& decisions);

// What became of all of them.
DecisionRow row_of(const std::vector<std::string>& told, WallTime now);

// It as the attempt of an incident of its own, which is what remedies work on.
Incident as_attempt(const SharerRestart& restart, const Incident& of_owner);

}  // namespace selfheal
