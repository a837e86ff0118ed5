#include "remediator/act/attempt_verifier.h"

#include <algorithm>

#include "common/base/log.h"
#include "common/base/text_list.h"
#include "remediator/act/remedies/docker_word.h"

namespace selfheal {
namespace {

// Who restarts it by hand takes it down for a moment too, and that is no sign of ill health.
constexpr Milliseconds kDownForAMoment{2000};

bool may_come_back(const ContainerDetails& live, WallTime now) {
  return remedies::is_down(live) && live.finished_at && now - *live.finished_at < kDownForAMoment;
}

constexpr Milliseconds kDebtPause{5000};

// The command's end, and not its container's start, is what health is counted from.
Proof proof_of(const Attempt& attempt) {
  return {*attempt.started_after, *attempt.acted_at, !attempt.command.empty()};
}

}  // namespace

AttemptVerifier::AttemptVerifier(PrometheusApi* prometheus, const AttemptSteps& steps,
                                 const NetworkSharers& sharers, const CurrentSettings& settings,
                                 const Clock& clock)
    : prometheus_(prometheus),
      steps_(steps),
      sharers_(sharers),
      of_services_(prometheus, steps, clock),
      settings_(settings),
      clock_(clock) {}

Again AttemptVerifier::verify(DockerApi& docker, const Incident& incident) const {
  const Attempt& attempt = incident.attempts.back();
  const VerificationSettings settings = settings_for(incident);
  if (attempt.action == to_string(Action::service_update))
    return of_services_.verify(docker, incident, settings);
  const auto live = docker.inspect(remedy_of(attempt.action).patient(incident));
  const WallTime now = clock_.wall_now();
  if (!live) {
    if (live.error().kind == DockerFailureKind::not_found) return gone(docker, incident);
    if (now > *attempt.acted_at + patience_with_docker(incident))
      return failed(docker, incident, AttemptResult::unknown, live.error().message);
    return now + kFaultPause;
  }
  // Once more, for the process that undid it may have died right before its last step.
  if (remedy_of(attempt.action).is_undone(incident, *live))
    return failed(docker, incident, AttemptResult::not_healthy, "what was done has been undone");
  // Made after the action: somebody's deployment, and not ours to undo.
  if (live->started_at != attempt.started_after && live->created_at > attempt.acted_at)
    return steps_.fail(incident, AttemptResult::restarted_again,
                       "somebody or something else has put another container in its place");
  if (live->started_at != attempt.started_after)
    return failed(docker, incident, AttemptResult::restarted_again,
                  "somebody or something else restarted the container");
  if (may_come_back(*live, now) && now < *attempt.acted_at + settings.timeout)
    return now + settings.poll_interval;
  if (remedies::is_down(*live))
    return failed(docker, incident, AttemptResult::not_healthy,
                  "the container has exited with status " + std::to_string(live->exit_code));
  const HealthAnswer answer = ask(incident, *live, settings, now);
  if (answer.health == Health::proven) return proven(docker, incident);
  if (answer.health == Health::seen_healthy && !attempt.seen_healthy_at)
    steps_.commit(incident, SeenHealthy{});
  if (now > *attempt.acted_at + verification_time(live->labels, settings))
    return failed(docker, incident, result_of(answer.why), answer.detail);
  return now + settings.poll_interval;
}

VerificationSettings AttemptVerifier::settings_for(const Incident& incident) const {
  const Attempt& attempt = incident.attempts.back();
  const IncidentAlert* alert = answered_alert(incident);
  return verification_for(settings_.get()->verification, attempt.action,
                          alert == nullptr ? "" : alert->alertname, attempt.verify_within);
}

// An engine that restarts takes its time, and its silence says nothing about the container: it is
// waited for as long as an incident waits for anything.
Milliseconds AttemptVerifier::patience_with_docker(const Incident& incident) const {
  return std::max(settings_for(incident).timeout, settings_.get()->incident.time_to_live);
}

HealthAnswer AttemptVerifier::ask(const Incident& incident, const ContainerDetails& live,
                                  const VerificationSettings& settings, WallTime now) const {
  const Proof proof = proof_of(incident.attempts.back());
  if (prometheus_ == nullptr) return docker_health(live, proof.acted, now, settings);
  return ask_health(*prometheus_, incident.host, live, proof, now, settings);
}

Again AttemptVerifier::proven(DockerApi& docker, const Incident& incident) const {
  const auto settled = remedy_of(incident.attempts.back().action).settle(docker, incident);
  // It is healthy; what Docker will not remove is litter, and no reason to keep people waiting.
  if (!settled && !is_definite_no(settled.error().kind) && is_tried_again(incident))
    return later(incident, settled.error());
  if (!settled)
    log::warn("what an attempt has left behind can't be removed",
              {{"incident", std::to_string(incident.id)},
               {"container", incident.container},
               {"err", settled.error().message}});
  const auto left_stopped = sharers_.start_left_stopped(docker, incident);
  if (left_stopped.empty()) return steps_.recovered(incident);
  // It is healthy itself, so its group and others' turns need not wait for that.
  const Attempt& attempt = incident.attempts.back();
  if (!attempt.seen_healthy_at) steps_.commit(incident, SeenHealthy{});
  if (clock_.wall_now() <= *attempt.acted_at + patience_with_docker(incident))
    return clock_.wall_now() + kDebtPause;
  // An end that people are told of, as they are not of what was seen to work on the way.
  return steps_.fail(incident, AttemptResult::not_healthy,
                     "it is healthy itself; " + joined(left_stopped, "; "));
}

Again AttemptVerifier::failed(DockerApi& docker, const Incident& incident, AttemptResult result,
                              const std::string& detail) const {
  // What is undone can't be taken back, so not for a time that seemed over by a clock that was set.
  if (!steps_.is_as_read(incident)) return clock_.wall_now() + kFaultPause;
  const auto undone = remedy_of(incident.attempts.back().action).undo(docker, incident);
  if (!undone) return not_undone(incident, detail, undone.error());
  // Where it is down itself they have no network to be started in: its next attempt sees to them.
  const auto left_stopped = sharers_.start_left_stopped(docker, incident);
  if (left_stopped.empty()) return steps_.fail(incident, result, detail);
  return steps_.fail(incident, result, detail + "; " + joined(left_stopped, "; "));
}

// With the one before back in its place there is something to heal again.
Again AttemptVerifier::gone(DockerApi& docker, const Incident& incident) const {
  const Remedy& remedy = remedy_of(incident.attempts.back().action);
  const auto undone = remedy.undo(docker, incident);
  if (!undone) return not_undone(incident, "the new container was removed", undone.error());
  const auto live = docker.inspect(remedy.patient(incident));
  if (live && remedy.is_undone(incident, *live))
    return steps_.fail(incident, AttemptResult::not_healthy,
                       "the new container was removed; the old one is in its place");
  return steps_.fail(incident, AttemptResult::container_gone, "the container was removed");
}

bool AttemptVerifier::is_tried_again(const Incident& incident) const {
  return clock_.wall_now() <
         *incident.attempts.back().acted_at + 2 * patience_with_docker(incident);
}

// Past its time people have to be told of it, as they are by an attempt that has ended.
Again AttemptVerifier::not_undone(const Incident& incident, const std::string& detail,
                                  const DockerFailure& failure) const {
  if (is_tried_again(incident)) return later(incident, failure);
  return steps_.fail(incident, AttemptResult::action_failed,
                     detail + "; and what was there before can't be put back: " + failure.message);
}

Again AttemptVerifier::later(const Incident& incident, const DockerFailure& failure) const {
  log::warn("what an attempt has left behind can't be put in order yet",
            {{"incident", std::to_string(incident.id)},
             {"container", incident.container},
             {"action", incident.attempts.back().action},
             {"err", failure.message}});
  return clock_.wall_now() + kDebtPause;
}

}  // namespace selfheal
