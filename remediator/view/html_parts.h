// Pieces that both pages are made of. [pure]
//
// Links and addresses are relative, so that the pages work behind a proxy that puts them under a
// path of its own: `top` is "" on the page at `/` and "../" on one at `/incidents/ID`.
#pragma once

#include <optional>
#include <string>

#include "common/base/clock.h"
#include "remediator/incident/incident.h"
#include "remediator/incident/pause.h"

namespace selfheal {

// How an incident stands, or how an attempt ended, by a sign and a word: never by colour alone.
std::string badge(std::string_view name);

// "#7", a link to the incident's page.
std::string incident_link(int64_t id, const std::string& top);

// <time>: "2026-01-31 12:00:05.123" in UTC, which the script shows in the reader's own zone.
std::string exact_time(const std::optional<WallTime>& time);

// A button that has the script POST `body` (JSON) to `path` (below `top`); what is answered stands
// beside it. Hidden until the script runs: without it nothing can be said to the API.
std::string post_button(const std::string& label, const std::string& path, const std::string& body);

// The bodies and paths of those buttons.
std::string pause_body(const PauseTarget& target, const std::string& length);
std::string resume_body(const PauseTarget& target);
std::string reset_path(const std::string& host, const std::string& container);

}  // namespace selfheal
