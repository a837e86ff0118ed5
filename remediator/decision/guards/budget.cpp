// A container that works for an hour after each restart never uses up the attempts of an incident,
// and must not be restarted for ever without anybody looking. Nor may a whole host be.
#include <algorithm>

#include "remediator/decision/granted.h"
#include "remediator/decision/guards.h"

namespace selfheal::guards {
namespace {

// When one more fits, of at most `granted` within `window`; nothing when it does now.
std::optional<WallTime> fits_at(const std::vector<WallTime>& attempts, int granted,
                                Milliseconds window, WallTime now) {
  const auto first = std::upper_bound(attempts.begin(), attempts.end(), now - window);
  const auto used = std::distance(first, attempts.end());
  if (used < granted) return std::nullopt;
  return *(first + (used - granted)) + window;
}

std::string spent(int granted, const std::string& within) {
  return std::to_string(granted) + " attempts within " + within + " are as many as ";
}

}  // namespace

Objection budget(const Facts& facts, const GuardSettings& settings) {
  const std::vector<WallTime>& own = facts.around.attempts_of_container;
  const ContainerBudget granted = granted_to(facts.labels(), settings).budget;
  if (fits_at(own, granted.per_hour, kBudgetHour, facts.now))
    return refuse(Reason::budget_of_container,
                  spent(granted.per_hour, "an hour") + "it gets; a person is needed" +
                      remark_on(facts.labels(), "selfheal.budget-per-hour"),
                  facts, settings);
  if (fits_at(own, granted.per_day, kBudgetDay, facts.now))
    return refuse(Reason::budget_of_container,
                  spent(granted.per_day, "a day") + "it gets; a person is needed" +
                      remark_on(facts.labels(), "selfheal.budget-per-day"),
                  facts, settings);
  const auto free =
      fits_at(facts.around.attempts_of_host, settings.host_budget, kBudgetHour, facts.now);
  if (!free) return std::nullopt;
  return wait(Reason::budget_of_host, spent(settings.host_budget, "an hour") + "a host gets",
              std::min(*free, facts.now + settings.judge_refused));
}

}  // namespace selfheal::guards
