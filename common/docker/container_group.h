// Which replicas a container is one of, by its labels. One answer for both daemons. [pure]
#pragma once

#include <string>

#include "common/docker/docker_api.h"

namespace selfheal {

// All series carry it.
inline constexpr size_t kLongestGroup = 200;

// The group's name: selfheal.group, else Compose's project/service, else the name of the Swarm's
// service that the container is a task of, else the container's own. What is longer than a group's
// name may be is none.
std::string group_of(const Labels& labels, const std::string& container_name);

}  // namespace selfheal
