// An outcome as the alert SelfhealOutcome, for Alertmanager's POST /api/v2/alerts. [pure]
//
// It is posted once and ends by itself, after one group_interval of the people's routes (5 min) and
// some more: Alertmanager tells of what is there when it flushes a group. It has no `remediation`:
// it is for people.
#pragma once

#include <string>

#include "remediator/outcome/outcome.h"

namespace selfheal {

inline constexpr std::chrono::minutes kOutcomeAlertLife{6};

// The body of the POST, a list of one alert. `external_url` is where people reach this remediator,
// without a slash at its end.
std::string outcome_alert_json(const OutcomeMessage& message, const std::string& external_url,
                               WallTime now);

std::string incident_url(const std::string& external_url, int64_t incident);

}  // namespace selfheal
