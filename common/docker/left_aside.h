// The names that a container's replacement gives (remediator/act/recreate): both daemons know by
// them what nobody is to watch or act on. [pure]
//
// NAME is the container's own; the old one is parked as NAME-selfheal-ID, the new one is made ready
// as NAME-selfheal-new-ID, where ID is the beginning of the old one's id.
#pragma once

#include <string>
#include <string_view>

namespace selfheal {

struct ReplacementNames {
  ReplacementNames(std::string name, const std::string& old_id);
  std::string own;
  std::string parked;  // of the old one
  std::string ready;   // of the new one, until the own name is free
};

// Whether a container of that name is one that a replacement has left aside: the old one, parked,
// or the new one, not yet in its place.
bool is_left_aside(std::string_view container_name);

}  // namespace selfheal
