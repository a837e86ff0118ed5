// GET /api/v1/openapi.json: the API described, in OpenAPI 3.1. [pure]
//
// A test holds it against the server: each path is answered, each route below /api/v1 is described,
// and what is answered has the properties named here and no others.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace selfheal {

std::string openapi_json();

// "components": {"schemas": …}: the shapes of what is asked and answered.
nlohmann::ordered_json openapi_schemas();

}  // namespace selfheal
