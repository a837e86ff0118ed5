#include "remediator/view/readiness.h"

#include "common/base/time_text.h"

namespace selfheal {
namespace {

std::string in_whole_seconds(std::chrono::nanoseconds duration) {
  return format_duration(std::chrono::duration_cast<std::chrono::seconds>(duration));
}

}  // namespace

Readiness::Readiness(const EngineWatch& engine, Journal& journal, const CurrentSettings& settings,
                     const Clock& clock)
    : engine_(engine),
      journal_(journal),
      settings_(settings),
      clock_(clock),
      began_(clock.steady_now()) {}

std::vector<std::string> Readiness::reasons_against() const {
  std::vector<std::string> reasons;
  if (!engine_.connected()) reasons.emplace_back("Docker does not answer");
  const std::optional<std::string> silent = pipeline_silent();
  // A Watchdog that comes is not written down then, and its silence says nothing.
  if (const auto why = journal_.why_not_writable())
    reasons.push_back("the journal can't be written: " + *why);
  else if (silent)
    reasons.push_back(*silent);
  return reasons;
}

std::optional<std::string> Readiness::pipeline_silent() const {
  const Milliseconds longest = settings_.get()->watchdog_max_silence;
  if (longest.count() == 0) return std::nullopt;
  std::optional<WallTime> seen;
  const auto read =
      journal_.read([&](JournalReader& reader) { seen = reader.watchdog_last_seen(); });
  if (!read) return "the journal can't be read: " + read.error().message;
  const WallTime now = clock_.wall_now();
  const bool silent = seen && now - *seen > longest;
  if (!silent || clock_.steady_now() - began_ <= longest) return std::nullopt;
  return "no Watchdog for " + in_whole_seconds(now - *seen) +
         ": Prometheus, its rules or Alertmanager are silent";
}

}  // namespace selfheal
