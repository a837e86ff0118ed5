// Which containers are tasks of a Swarm's service, by the labels that Swarm puts on them. [pure]
//
// Swarm never starts such a container again: when it has ended, in whatever way, another one takes
// its place. Restarted by somebody else it runs on beside that one, and no Swarm knows of it.
#pragma once

#include <string>

#include "common/docker/docker_api.h"

namespace selfheal {

// The service's name; empty where the container is of none.
std::string swarm_service(const Labels& labels);

// A task whose container has ended: Swarm keeps some of them, to look at.
bool is_ended_task(const ContainerDetails& container);

}  // namespace selfheal
