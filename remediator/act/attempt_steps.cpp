#include "remediator/act/attempt_steps.h"

#include <algorithm>

#include "common/base/log.h"
#include "common/base/time_text.h"
#include "remediator/act/engine_patience.h"

namespace selfheal {
namespace {

// When the failure that the last attempt answers was first told of.
WallTime accepted_at(const Incident& incident) {
  WallTime accepted = incident.opened_at;
  for (const IncidentAlert& alert : incident.alerts)
    if (alert.first_received_at <= incident.attempts.back().requested_at)
      accepted = std::max(accepted, alert.first_received_at);
  return accepted;
}

}  // namespace

AttemptSteps::AttemptSteps(Journal& journal, const StepRecorder& recorder,
                           RemediationMetrics& metrics, const Clock& clock)
    : journal_(journal), recorder_(recorder), metrics_(metrics), clock_(clock) {}

std::optional<Incident> AttemptSteps::commit(const Incident& incident, const IncidentEvent& event,
                                             const DecisionRow* decision,
                                             const Condition& only_if) const {
  std::optional<Incident> committed;
  StepRecorder::Step step;
  const auto written = journal_.write([&](JournalWriter& writer) {
    step = {};
    committed = writer.incident(incident.id);
    // Where the clock was set meanwhile, what was concluded from the times is concluded anew.
    if (!committed || committed->opened_at != incident.opened_at) return;
    if (only_if && !only_if(writer, *committed)) return;
    step = recorder_.take(writer, *committed, event, clock_.wall_now());
    if (step.fits && decision != nullptr) writer.add_decision(incident.id, *decision);
  });
  if (!written || !step.fits) return std::nullopt;
  recorder_.committed(step);
  return committed;
}

bool AttemptSteps::is_as_read(const Incident& incident) const {
  bool as_read = false;
  const auto read = journal_.read([&](JournalReader& reader) {
    const auto now = reader.incident(incident.id);
    as_read = now && now->opened_at == incident.opened_at;
  });
  return read.ok() && as_read;
}

bool AttemptSteps::note(const Incident& incident, const DecisionRow& decision,
                        const std::function<bool(JournalReader&)>& only_if) const {
  bool noted = false;
  const auto written = journal_.write([&](JournalWriter& writer) {
    noted = false;
    auto now = writer.incident(incident.id);
    if (!now || now->opened_at != incident.opened_at || now->state != incident.state ||
        now->attempts.size() != incident.attempts.size() || !only_if(writer))
      return;
    now->owes = true;
    writer.save(*now);
    writer.add_decision(incident.id, decision);
    noted = true;
  });
  return written.ok() && noted;
}

void AttemptSteps::add(const Incident& incident, const DecisionRow& decision) const {
  (void)journal_
      .write([&](JournalWriter& writer) {
        if (writer.incident(incident.id)) writer.add_decision(incident.id, decision);
      })
      .ok();
}

bool AttemptSteps::owes_nothing(const Incident& incident, const DecisionRow* decision) const {
  return journal_
      .write([&](JournalWriter& writer) {
        auto now = writer.incident(incident.id);
        if (!now || now->state != IncidentState::closed) return;
        now->owes = false;
        writer.save(*now);
        if (decision != nullptr) writer.add_decision(incident.id, *decision);
      })
      .ok();
}

Again AttemptSteps::after(const std::optional<Incident>& committed) const {
  if (committed) return std::nullopt;
  return clock_.wall_now() + kFaultPause;
}

Again AttemptSteps::recovered(const Incident& incident) const {
  const auto closed = commit(incident, Verified{});
  if (!closed) return after(closed);
  const auto took = clock_.wall_now() - accepted_at(incident);
  metrics_.attempt_verified(incident.attempts.back().action, took);
  log::info("recovered", {{"incident", std::to_string(incident.id)},
                          {"host", incident.host},
                          {"container", incident.container},
                          {"action", incident.attempts.back().action},
                          {"attempts", std::to_string(incident.attempts.size())},
                          {"seconds", format_seconds(took)}});
  return std::nullopt;
}

Again AttemptSteps::stopped(const Incident& incident) const {
  const auto closed = commit(incident, Stopped{});
  if (!closed) return after(closed);
  log::warn("stopped, and it stays down", {{"incident", std::to_string(incident.id)},
                                           {"host", incident.host},
                                           {"container", incident.container}});
  return std::nullopt;
}

Again AttemptSteps::fail(const Incident& incident, AttemptResult result,
                         const std::string& detail) const {
  const auto failed = commit(incident, AttemptFailed{result, detail});
  if (failed) {
    const std::string action = incident.attempts.back().action;
    // A container that was replaced meanwhile is a deployment, and nobody's failure.
    if (result != AttemptResult::container_gone)
      metrics_.attempt_failed(incident, action, to_string(result));
    log::warn("attempt failed", {{"incident", std::to_string(incident.id)},
                                 {"host", incident.host},
                                 {"container", incident.container},
                                 {"action", action},
                                 {"reason", std::string(to_string(result))},
                                 {"detail", detail},
                                 {"outcome", std::string(to_string(failed->outcome))}});
  }
  return after(failed);
}

}  // namespace selfheal
