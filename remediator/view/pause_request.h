// What people say by POST, read from the request. [pure] Errors are for a person.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "remediator/incident/pause.h"

namespace selfheal {

struct PauseRequest {
  Pause pause;
  bool ahead = false;  // also of what there is not yet
};

// {"scope": "container", "host": "box", "name": "web", "reason": "…", "for": "1h", "ahead": false};
// "for" left out: until somebody resumes. Of scope all there is no host and no name, of scope host
// no name.
Result<PauseRequest> parse_pause(std::string_view json, WallTime now);

// {"scope": "container", "host": "box", "name": "web"}
Result<PauseTarget> parse_resume(std::string_view json);

// (host, container) of "/api/v1/containers/{host}/{name}/reset", URL-decoded.
Result<std::pair<std::string, std::string>> parse_reset_path(std::string_view path);

}  // namespace selfheal
