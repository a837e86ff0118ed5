// Docker's answers about what goes on in a container: what it uses and what runs in it. [pure]
//
// As docker_messages.h: what is absent is let pass, a field of the wrong type is an error.
#pragma once

#include <string_view>

#include "common/base/result.h"
#include "common/docker/docker_api.h"

namespace selfheal {

// Both from `GET /containers/ID/stats`. The first is an error where no memory is told of.
Result<MemoryUsage> parse_memory_usage(std::string_view json);
Result<ContainerStats> parse_container_stats(std::string_view json);
// From `GET /containers/ID/top`.
Result<ProcessList> parse_processes(std::string_view json);

}  // namespace selfheal
