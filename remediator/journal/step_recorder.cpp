#include "remediator/journal/step_recorder.h"

namespace selfheal {

StepRecorder::StepRecorder(const CurrentSettings& settings, RemediationMetrics& metrics,
                           std::function<void()> wake)
    : settings_(settings), metrics_(metrics), wake_(std::move(wake)) {}

StepRecorder::Step StepRecorder::take(JournalWriter& writer, Incident& incident,
                                      const IncidentEvent& event, WallTime now) const {
  const Incident before = incident;
  if (!apply(incident, event, now, settings_.get()->incident)) return {};
  return record(writer, before, incident, now);
}

StepRecorder::Step StepRecorder::record(JournalWriter& writer, const Incident& before,
                                        Incident& after, WallTime now) const {
  const auto message = outcome_of(before, after, settings_.get()->guards.max_attempts, now);
  writer.save(after);
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
