// How long a container gets to obey its stop signal before Docker kills it. [pure]
#pragma once

#include <chrono>

#include "common/docker/docker_api.h"

namespace selfheal {

// The container's label selfheal.stop-timeout, else its own setting, else Docker's ten seconds.
std::chrono::seconds stop_timeout_of(const ContainerDetails& details);

}  // namespace selfheal
