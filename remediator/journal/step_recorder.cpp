#include "remediator/journal/step_recorder.h"

namespace selfheal {

StepRecorder::StepRecorder(const CurrentSettings& settings, RemediationMetrics& metrics,
                           std::function<void()> wake)
    : settings_(settings), metrics_(metrics), wake_(std::move(wake)) {}

StepRecorder::Step StepRecorder::take(JournalWriter& writer, Incident& incident,
                                      const IncidentEvent& event, WallTime now) const {
  const auto settings = settings_.get();
  const Incident before = incident;
  if (!apply(incident, event, now, settings->incident)) return {};
  const auto message = outcome_of(before, incident, settings->guards.max_attempts, now);
  writer.save(incident);
  if (!message) return {true, std::nullopt};
  writer.add_outcome(*message, wake_ ? std::nullopt : std::optional(now));
  return {true, message->kind};
}

void StepRecorder::committed(const Step& step) const {
  if (!step.told) return;
  metrics_.outcome(*step.told);
  if (wake_) wake_();
}

}  // namespace selfheal
