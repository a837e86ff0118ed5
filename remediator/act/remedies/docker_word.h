// What remedies make of Docker's answers.
#pragma once

#include "common/docker/docker_answer.h"
#include "remediator/act/remedy.h"

namespace selfheal::remedies {

// After its stop timeout Docker kills, and waits for up to 10 s until that is done
// (docker-api.md). Only past that nothing is under way any more.
inline constexpr std::chrono::seconds kStopMargin{15};

bool is_down(const ContainerDetails& live);
// When the container can't be inspected, of an action that leaves nothing stopped which is to run.
Effect without_container(const DockerFailure& failure);
void log_unconfirmed(const Incident& incident, const DockerFailure& failure);

}  // namespace selfheal::remedies
