// What an event of Docker's asks the watcher to do. [pure]
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "common/docker/docker_api.h"

namespace selfheal {

// What changes something that inspect shows. health_status comes with its value, or bare from
// Podman.
inline bool changes_container(std::string_view action) {
  constexpr std::array<std::string_view, 16> kActions{
      "create",  "start",   "restart", "stop",   "die",    "died",    "oom",     "pause",
      "unpause", "destroy", "rename",  "update", "remove", "cleanup", "connect", "disconnect"};
  return action.starts_with("health_status") ||
         std::find(kActions.begin(), kActions.end(), action) != kActions.end();
}

// Of a network's event, the container that it connects or disconnects.
inline std::string container_of(const DockerEvent& event) {
  if (event.type != "network") return event.actor_id;
  const auto container = event.attributes.find("container");
  return container == event.attributes.end() ? "" : container->second;
}

}  // namespace selfheal
