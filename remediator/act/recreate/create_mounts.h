// HostConfig as inspected, with the volumes that have no name asked for by the one that Docker gave
// them. [pure] Throws what docker_json::parse() turns into an error.
#pragma once

#include "common/docker/docker_json.h"

namespace selfheal {

docker_json::Json with_same_volumes(const docker_json::Json& container);

}  // namespace selfheal
