// Whether an attempt that is in effect worked: asked again and again until there is a proof, or the
// time for it is over. Safe from any thread.
#pragma once

#include "remediator/act/attempt_steps.h"
#include "remediator/act/network_sharers.h"
#include "remediator/act/prometheus_client.h"
#include "remediator/act/service_verifier.h"
#include "remediator/act/verification.h"
#include "remediator/config.h"

namespace selfheal {

class AttemptVerifier {
 public:
  // `prometheus` may be null.
  AttemptVerifier(PrometheusApi* prometheus, const AttemptSteps& steps,
                  const NetworkSharers& sharers, const CurrentSettings& settings,
                  const Clock& clock);

  // One look at an incident that is being verified; `docker` is its host's.
  Again verify(DockerApi& docker, const Incident& incident) const;
  // How long after the action its engine may be away, or not tell of it.
  Milliseconds patience_with_docker(const Incident& incident) const;

 private:
  VerificationSettings settings_for(const Incident& incident) const;
  HealthAnswer ask(const Incident& incident, const ContainerDetails& live,
                   const VerificationSettings& settings, WallTime now) const;
  // The ends, when the remedy has put in order what it left behind, and those that share its
  // network were started that it left stopped.
  Again proven(DockerApi& docker, const Incident& incident) const;
  Again failed(DockerApi& docker, const Incident& incident, AttemptResult result,
               const std::string& detail) const;
  Again gone(DockerApi& docker, const Incident& incident) const;
  // What the remedy could not put in order is its own debt, and tried again; but not for ever.
  bool is_tried_again(const Incident& incident) const;
  Again later(const Incident& incident, const DockerFailure& failure) const;
  // What was there before is not back; `detail` is what happened before that.
  Again not_undone(const Incident& incident, const std::string& detail,
                   const DockerFailure& failure) const;

  PrometheusApi* prometheus_;
  const AttemptSteps& steps_;
  const NetworkSharers& sharers_;
  const ServiceVerifier of_services_;
  const CurrentSettings& settings_;
  const Clock& clock_;
};

}  // namespace selfheal
