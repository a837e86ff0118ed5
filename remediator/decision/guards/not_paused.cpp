#include <algorithm>

#include "common/base/time_text.h"
#include "remediator/decision/guards.h"

namespace selfheal::guards {

Objection not_paused(const Facts& facts, const GuardSettings& settings) {
  if (facts.around.pauses.empty()) return std::nullopt;
  // Of several the one that ends last; one without an end outlasts them all.
  const auto end = [](const Pause& pause) { return pause.ends_at.value_or(WallTime::max()); };
  const Pause& pause = *std::max_element(
      facts.around.pauses.begin(), facts.around.pauses.end(),
      [&](const Pause& one, const Pause& other) { return end(one) < end(other); });
  const std::string until =
      pause.ends_at ? " until " + format_rfc3339(*pause.ends_at) : ", without an end";
  return wait(Reason::paused,
              "paused (" + to_text(pause.target) + ")" + until +
                  (pause.reason.empty() ? "" : ": " + pause.reason),
              std::min(end(pause), facts.now + settings.judge_again));
}

}  // namespace selfheal::guards
