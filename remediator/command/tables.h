// The API's answers as a person reads them in a terminal. [pure] Control characters of names and
// details are shown as "?": what a container is called must not steer somebody's terminal.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace selfheal {

// Of /api/v1/incidents: one line each, the newest first.
std::string incidents_table(const nlohmann::json& answer);
// Of /api/v1/incidents/ID: what happened, line by line in the order of time.
std::string incident_story(const nlohmann::json& incident);

}  // namespace selfheal
