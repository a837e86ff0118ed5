// Which containers are not recreated, and why: those that would be gone when they stop, that
// something else recreates, that others hang on, or whose configuration is not all to be seen.
// [pure]
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace selfheal {

// `inspected` is Docker's answer for the container itself. Nothing: it can be recreated.
Result<std::optional<std::string>> why_not_recreate(std::string_view inspected);

// A network that has to be there for the container to be started: Docker goes by the id that a
// network had when the container was connected, and by the name where it never ran. Those that
// Docker itself makes (bridge, host, none) are not among them.
struct NeededNetwork {
  std::string name;
  std::string reference;  // id or name
};
Result<std::vector<NeededNetwork>> needed_networks(std::string_view inspected);

// Whether another container, as inspected, hangs on the one with that id and name: it is in its
// namespaces, or linked to it, and would never find its successor. Nothing: it does not.
Result<std::optional<std::string>> how_it_hangs_on(std::string_view another, const std::string& id,
                                                   const std::string& name);

}  // namespace selfheal
