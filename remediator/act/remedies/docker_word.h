// What remedies make of Docker's answers.
#pragma once

#include "remediator/act/remedy.h"

namespace selfheal::remedies {

// Docker spoke, and said no: that itself has not happened. After anything else it may have.
bool is_definite(DockerFailureKind kind);
bool is_down(const ContainerDetails& live);
// When the container can't be inspected.
Effect without_container(const DockerFailure& failure);
void log_unconfirmed(const Incident& incident, const DockerFailure& failure);

}  // namespace selfheal::remedies
