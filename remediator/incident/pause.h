// Healing held by a person: of everything, a Docker host, a group of replicas or one container,
// with a reason and, as a rule, an end. [pure]
//
// The journal keeps it, so it lasts over restarts; a guard reads it (decision/guards/not_paused).
// Attempts that are under way go on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/clock.h"
#include "common/base/result.h"

namespace selfheal {

struct Incident;

enum class PauseScope { all, host, group, container };

std::string_view to_string(PauseScope scope);
std::optional<PauseScope> parse_pause_scope(std::string_view text);

// What is paused.
struct PauseTarget {
  PauseScope scope = PauseScope::all;
  std::string host;  // empty for `all`
  std::string name;  // of the group or container
  bool operator==(const PauseTarget&) const = default;
};

struct Pause {
  PauseTarget target;
  std::string reason;
  WallTime began_at;
  std::optional<WallTime> ends_at;  // nothing: until somebody resumes
};

// The error says what is missing or too much.
Result<PauseTarget> pause_target(std::string_view scope, const std::string& host,
                                 const std::string& name);

bool covers(const PauseTarget& target, const std::string& host, const std::string& group,
            const std::string& container);
// What it is named by, or what is acted on in its place.
bool covers(const PauseTarget& target, const Incident& incident);

// "all", "host box", "group box/shop/web", "container box/web": for people, and the metric's label.
std::string to_text(const PauseTarget& target);

}  // namespace selfheal
