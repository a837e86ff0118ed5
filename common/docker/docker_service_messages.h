// A Swarm manager's answers about services and tasks, and the request to update a service. [pure]
//
// As docker_messages.h: what is absent is let pass, a field of the wrong type is an error.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/docker/docker_service.h"

namespace selfheal {

Result<ServiceDetails> parse_service(std::string_view json);
Result<std::vector<TaskDetails>> parse_tasks(std::string_view json);

// The specification in a manager's answer for a service, whole, in a form that can be compared.
// Engines have fields in it that this program does not know: what is left out of an update is
// reset.
Result<std::string> specification_of(std::string_view json);
// The same with that ForceUpdate: the body of an update. `specification` is what the other gave.
std::string forced_specification(std::string_view specification, uint64_t force_update);

// {"service":{"ID":true},"desired-state":{"running":true}}
std::string tasks_filter(const std::string& service);

}  // namespace selfheal
