// The breaker of a container: open while the attempts granted to it are used up, or what it may
// have within an hour or a day. [pure]
//
// Attempts are counted over the incidents of a container (incident.h), so the breaker stays open
// while an incident that carries them on waits in vain, and from the end of the last one until the
// container has been well for `healthy_reset`. Not yet while the last attempt is under way.
//
// That an incident expired does not say that anything is well: Alertmanager may have fallen silent
// because a person silenced the alert. Then the breaker stays open for kExpiredCounts, or until a
// later incident of the container says otherwise.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "remediator/incident/incident.h"

namespace selfheal {

inline constexpr std::chrono::hours kExpiredCounts{24};
// Budgets count attempts over these windows.
inline constexpr Milliseconds kBudgetHour{std::chrono::hours(1)};
inline constexpr Milliseconds kBudgetDay{std::chrono::hours(24)};

// Attempts granted to a container, over all its incidents.
struct ContainerBudget {
  int per_hour = 5;
  int per_day = 20;
};

struct BreakerSettings {
  int max_attempts = 3;
  ContainerBudget budget;
  Milliseconds healthy_reset{600'000};
};

// Of a container's last incident, or of a service, which has those of its containers too.
struct AttemptCount {
  std::string host;
  std::string container;
  IncidentState state = IncidentState::waiting;
  IncidentOutcome outcome = IncidentOutcome::none;
  std::optional<WallTime> closed_at;
  int attempts_used = 0;
  // Since a person's reset.
  int attempts_within_hour = 0;
  int attempts_within_day = 0;
  // What its labels grant; 0: as many as the configuration.
  int budget_per_hour = 0;
  int budget_per_day = 0;
  // What the attempts are counted for where that is a service, as Incident has it.
  std::string service = {};
  std::string service_id = {};
};

// From the request of an attempt to its end.
struct AttemptSpan {
  WallTime requested_at;
  std::optional<WallTime> ended_at;
  bool seen_healthy = false;
};

// How many of `attempts`, ascending, were made without a time of health as long as `healthy_reset`
// after one of them. `failing_since` is when what is to be healed now began.
int attempts_in_a_row(const std::vector<AttemptSpan>& attempts, WallTime failing_since,
                      Milliseconds healthy_reset);

// What counts for a service, of the last incidents of its containers and its own (`last`, not
// empty) and of the attempts on it within a day, ascending, since a person's reset.
AttemptCount count_for_service(const std::vector<AttemptCount>& last,
                               const std::vector<AttemptSpan>& attempts, Milliseconds healthy_reset,
                               WallTime now);

enum class Breaker { closed, open };

// The budget that is in force: of the labels, where they grant one, else of the configuration.
ContainerBudget budget_in_force(const ContainerBudget& of_labels,
                                const ContainerBudget& configured);
ContainerBudget budget_of(const AttemptCount& count, const BreakerSettings& settings);

Breaker breaker_of(const AttemptCount& count, const BreakerSettings& settings, WallTime now);

// How long after its end an incident can still hold a breaker open.
Milliseconds longest_after_end(Milliseconds healthy_reset);

}  // namespace selfheal
