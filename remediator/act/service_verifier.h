// Whether the update of a service that is under way worked: asked again and again until there is a
// proof, or it will not come any more. Safe from any thread.
#pragma once

#include "remediator/act/attempt_steps.h"
#include "remediator/act/prometheus_client.h"
#include "remediator/act/service_verification.h"

namespace selfheal {

class ServiceVerifier {
 public:
  // `prometheus` may be null.
  ServiceVerifier(PrometheusApi* prometheus, const AttemptSteps& steps, const Clock& clock);

  // One look at an incident that is being verified, by the settings for its attempt; `docker` is
  // its host's.
  Again verify(DockerApi& docker, const Incident& incident,
               const VerificationSettings& settings) const;

 private:
  // The manager did not answer.
  Again without(const Incident& incident, const DockerFailure& failure,
                const VerificationSettings& settings) const;

  PrometheusApi* prometheus_;
  const AttemptSteps& steps_;
  const Clock& clock_;
};

}  // namespace selfheal
