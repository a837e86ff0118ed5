#include "remediator/act/attempt_verifier.h"

#include "remediator/act/remedies/docker_word.h"

namespace selfheal {

AttemptVerifier::AttemptVerifier(DockerApi& docker, PrometheusApi* prometheus,
                                 const AttemptSteps& steps, const CurrentSettings& settings,
                                 const Clock& clock)
    : docker_(docker),
      prometheus_(prometheus),
      steps_(steps),
      of_services_(docker, prometheus, steps, settings, clock),
      settings_(settings),
      clock_(clock) {}

Again AttemptVerifier::verify(const Incident& incident) const {
  const auto settings = settings_.get();
  const Attempt& attempt = incident.attempts.back();
  if (attempt.action == to_string(Action::service_update)) return of_services_.verify(incident);
  const auto live = docker_.inspect(remedy_of(attempt.action).patient(incident));
  const WallTime now = clock_.wall_now();
  if (!live) {
    if (live.error().kind == DockerFailureKind::not_found)
      return steps_.fail(incident, AttemptResult::container_gone, "the container was removed");
    if (now > *attempt.acted_at + settings->verification.timeout)
      return steps_.fail(incident, AttemptResult::not_healthy, live.error().message);
    return now + kFaultPause;
  }
  if (live->started_at != attempt.started_after)
    return steps_.fail(incident, AttemptResult::restarted_again,
                       "somebody or something else restarted the container");
  if (remedies::is_down(*live))
    return steps_.fail(incident, AttemptResult::not_healthy,
                       "the container has exited with status " + std::to_string(live->exit_code));
  const HealthAnswer answer =
      prometheus_ == nullptr
          ? docker_health(*live, *attempt.started_after, now, settings->verification)
          : ask_health(*prometheus_, incident.host, *live, *attempt.started_after, now,
                       settings->verification);
  if (answer.health == Health::proven) return steps_.recovered(incident);
  if (answer.health == Health::seen_healthy && !attempt.seen_healthy_at)
    steps_.commit(incident, SeenHealthy{});
  if (now > *attempt.acted_at + verification_time(live->labels, settings->verification))
    return steps_.fail(incident, AttemptResult::not_healthy, answer.detail);
  return now + settings->verification.poll_interval;
}

}  // namespace selfheal
