#include "remediator/act/clock_keeper.h"

#include "common/base/log.h"
#include "common/base/time_text.h"
#include "remediator/incident/breaker.h"

namespace selfheal {
namespace {

std::string words_for(std::chrono::nanoseconds by) {
  const auto size = std::chrono::duration_cast<Milliseconds>(by < by.zero() ? -by : by);
  return std::string("the system's clock was set ") + (by < by.zero() ? "back" : "forward") +
         " by " + format_duration(size) + "; what is waited for takes as long as it would have";
}

}  // namespace

ClockKeeper::ClockKeeper(Journal& journal, JournalClock& clock, RemediationMetrics& metrics)
    : journal_(journal), clock_(clock), metrics_(metrics) {}

void ClockKeeper::look_back() {
  std::optional<WallTime> last;
  (void)journal_.read([&](JournalReader& reader) { last = reader.last_word(); }).ok();
  const WallTime now = clock_.wall_now();
  if (last && *last - now >= kLeast) move(now - *last, std::chrono::nanoseconds(0), *last);
}

bool ClockKeeper::keep() {
  const std::chrono::nanoseconds by = clock_.system_ahead();
  if (by > -kLeast && by < kLeast) {
    clock_.move(by);
    return false;
  }
  return move(by, by, clock_.wall_now());
}

// The clock moves in the midst of the transaction, so that nothing is written by the new time
// before it or by the old one after it.
bool ClockKeeper::move(std::chrono::nanoseconds by, std::chrono::nanoseconds clock_by,
                       WallTime last) {
  bool moved = false;
  size_t open_incidents = 0;
  const auto written = journal_.write_apart([&](JournalWriter& writer) {
    writer.move_times(by, last - kBudgetDay);
    clock_.move(clock_by);
    moved = true;
    const DecisionRow told{clock_.wall_now(), "wait", std::string(kClockSet), words_for(by), "{}"};
    const std::vector<Incident> open = writer.open_incidents();
    for (const Incident& incident : open) writer.add_decision(incident.id, told);
    open_incidents = open.size();
  });
  if (!written) {
    if (moved) clock_.move(-clock_by);
    return false;
  }
  log::warn(words_for(by));
  for (size_t i = 0; i < open_incidents; ++i) metrics_.decided("wait", std::string(kClockSet));
  return true;
}

}  // namespace selfheal
