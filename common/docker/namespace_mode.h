// Whose namespace a container is in, by its NetworkMode, PidMode or IpcMode: "container:WHOSE". The
// engine writes the other one's id there, older ones what the user wrote: its name, or the
// beginning of its id. One answer for both daemons. [pure]
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/docker/container_id.h"

namespace selfheal {

// Nothing where it is its own, or the host's.
inline std::optional<std::string> namespace_owner(std::string_view mode) {
  constexpr std::string_view kOfContainer = "container:";
  if (!mode.starts_with(kOfContainer)) return std::nullopt;
  return std::string(mode.substr(kOfContainer.size()));
}

inline bool is_in_namespace_of(std::string_view mode, std::string_view id, std::string_view name) {
  const auto owner = namespace_owner(mode);
  return owner && (*owner == name || *owner == id || stands_for_id(*owner, id));
}

}  // namespace selfheal
