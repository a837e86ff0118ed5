// Whether a container can be recreated, asked of Docker: what it shows of the container itself
// (recreatable.h), of its networks, and of all other containers. Changes nothing.
//
// Blocks; asks for each container and each network once.
#pragma once

#include <optional>
#include <string>

#include "common/docker/docker_api.h"

namespace selfheal {

// Why not; nothing: it can be.
DockerResult<std::optional<std::string>> why_not_recreate(DockerApi& docker,
                                                          const std::string& container);

}  // namespace selfheal
