#include "remediator/incident/breaker.h"

#include <algorithm>

namespace selfheal {
namespace {

// What of several incidents tells most: one that is open before one that is over, and of those over
// the latest.
bool tells_more(const AttemptCount& one, const AttemptCount& other) {
  const auto rank = [](const AttemptCount& count) {
    if (count.state == IncidentState::closed) return 0;
    return count.state == IncidentState::waiting ? 1 : 2;
  };
  if (rank(one) != rank(other)) return rank(one) > rank(other);
  if (!one.closed_at || !other.closed_at) return one.attempts_used > other.attempts_used;
  return *one.closed_at > *other.closed_at;
}

// What was not judged yet knows neither the service's id nor what its labels grant.
void take_judged(AttemptCount& sum, const std::vector<AttemptCount>& last) {
  if (!sum.service_id.empty()) return;
  const AttemptCount* judged = nullptr;
  for (const AttemptCount& one : last)
    if (!one.service_id.empty() && (judged == nullptr || tells_more(one, *judged))) judged = &one;
  if (judged == nullptr) return;
  sum.service_id = judged->service_id;
  sum.budget_per_hour = judged->budget_per_hour;
  sum.budget_per_day = judged->budget_per_day;
}

}  // namespace

int attempts_in_a_row(const std::vector<AttemptSpan>& attempts, WallTime failing_since,
                      Milliseconds healthy_reset) {
  int count = 0;
  WallTime next_failure = failing_since;
  for (auto attempt = attempts.rbegin(); attempt != attempts.rend(); ++attempt) {
    if (attempt->ended_at && next_failure - *attempt->ended_at >= healthy_reset) break;
    ++count;
    next_failure = std::min(next_failure, attempt->requested_at);
  }
  return count;
}

AttemptCount count_for_service(const std::vector<AttemptCount>& last,
                               const std::vector<AttemptSpan>& attempts, Milliseconds healthy_reset,
                               WallTime now) {
  AttemptCount sum = last.front();
  for (const AttemptCount& one : last)
    if (tells_more(one, sum)) sum = one;
  sum.container = sum.service;
  take_judged(sum, last);
  if (sum.state == IncidentState::closed) {
    // Each has what there was when it was judged last; others went on.
    sum.attempts_used =
        attempts.empty() ? 0
                         : attempts_in_a_row(attempts, attempts.back().requested_at, healthy_reset);
  } else {
    for (const AttemptCount& one : last)
      if (one.state != IncidentState::closed)
        sum.attempts_used = std::max(sum.attempts_used, one.attempts_used);
  }
  const auto within = [&](Milliseconds window) {
    return static_cast<int>(std::count_if(
        attempts.begin(), attempts.end(),
        [&](const AttemptSpan& attempt) { return attempt.requested_at > now - window; }));
  };
  sum.attempts_within_hour = within(kBudgetHour);
  sum.attempts_within_day = within(kBudgetDay);
  return sum;
}

ContainerBudget budget_in_force(const ContainerBudget& of_labels,
                                const ContainerBudget& configured) {
  return {of_labels.per_hour > 0 ? of_labels.per_hour : configured.per_hour,
          of_labels.per_day > 0 ? of_labels.per_day : configured.per_day};
}

ContainerBudget budget_of(const AttemptCount& count, const BreakerSettings& settings) {
  return budget_in_force({count.budget_per_hour, count.budget_per_day}, settings.budget);
}

Breaker breaker_of(const AttemptCount& count, const BreakerSettings& settings, WallTime now) {
  const bool under_way =
      count.state == IncidentState::acting || count.state == IncidentState::verifying;
  const ContainerBudget budget = budget_of(count, settings);
  const bool spent = count.attempts_used >= settings.max_attempts ||
                     count.attempts_within_hour >= budget.per_hour ||
                     count.attempts_within_day >= budget.per_day;
  if (!spent || under_way) return Breaker::closed;
  if (!count.closed_at) return Breaker::open;
  const Milliseconds counts = count.outcome == IncidentOutcome::expired
                                  ? longest_after_end(settings.healthy_reset)
                                  : settings.healthy_reset;
  return now - *count.closed_at < counts ? Breaker::open : Breaker::closed;
}

Milliseconds longest_after_end(Milliseconds healthy_reset) {
  return std::max<Milliseconds>(healthy_reset, kExpiredCounts);
}

}  // namespace selfheal
