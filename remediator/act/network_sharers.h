// Containers that live in the network of another one (network_mode: container:NAME) lose it when
// that one restarts: they go on in a network that nobody is in any more, and have to be restarted
// after it.
//
// Which still have to be is seen from their start alone, so what a crash has cut off is done by
// whoever looks again.
#pragma once

#include <string>
#include <vector>

#include "common/docker/docker_api.h"
#include "remediator/decision/decision.h"
#include "remediator/incident/incident.h"

namespace selfheal {

// Restarts those that share the network of the incident's container as just inspected, and
// that may be touched. Returns what became of each, for a person.
std::vector<std::string> restart_network_sharers(DockerApi& docker, const Incident& incident,
                                                 const ContainerDetails& owner,
                                                 const GuardSettings& settings);

// [pure] Why a container is not restarted after the one whose network it shares; empty: it is.
std::string objection_to_following(const ContainerDetails& sharer, const GuardSettings& settings);

}  // namespace selfheal
