#include "remediator/act/service_verifier.h"

#include <algorithm>

#include "remediator/act/engine_patience.h"

namespace selfheal {
namespace {

constexpr Milliseconds kPatience{3'600'000};  // with a manager that does not answer

}  // namespace

ServiceVerifier::ServiceVerifier(PrometheusApi* prometheus, const AttemptSteps& steps,
                                 const Clock& clock)
    : prometheus_(prometheus), steps_(steps), clock_(clock) {}

Again ServiceVerifier::verify(DockerApi& docker, const Incident& incident,
                              const VerificationSettings& settings) const {
  const Attempt& attempt = incident.attempts.back();
  const auto service = docker.inspect_service(attempt.container_id);
  if (!service) return without(incident, service.error(), settings);
  if (service->update_started_at != attempt.started_after)
    return steps_.fail(incident, AttemptResult::restarted_again,
                       "somebody or something else has updated the service again");
  if (const auto why = failed_update(*service))
    return steps_.fail(incident, AttemptResult::not_healthy, *why);
  const auto tasks = docker.tasks(service->id);
  if (!tasks) return without(incident, tasks.error(), settings);
  const WallTime now = clock_.wall_now();
  const HealthAnswer answer =
      prometheus_ == nullptr
          ? manager_health(*service, *tasks, now, settings)
          : ask_service_health(*prometheus_, incident.host, *service, *tasks, now, settings);
  if (answer.health == Health::proven) return steps_.recovered(incident);
  if (answer.health == Health::seen_healthy && !attempt.seen_healthy_at)
    steps_.commit(incident, SeenHealthy{});
  if (now > verdict_due_at(attempt, *service, *tasks, settings))
    return steps_.fail(incident, result_of(answer.why), answer.detail);
  return now + settings.poll_interval;
}

Again ServiceVerifier::without(const Incident& incident, const DockerFailure& failure,
                               const VerificationSettings& settings) const {
  if (failure.kind == DockerFailureKind::not_found)
    return steps_.fail(incident, AttemptResult::container_gone, "the service was removed");
  const WallTime now = clock_.wall_now();
  // Updates may take long, and that a manager is silent for a while says nothing about one.
  if (now > *incident.attempts.back().acted_at + std::max(settings.timeout, kPatience))
    return steps_.fail(incident, AttemptResult::unknown, failure.message);
  return now + kFaultPause;
}

}  // namespace selfheal
