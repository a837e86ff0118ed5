// Engines that a test owns, as DockerHosts takes them.
#pragma once

#include "remediator/act/docker_hosts.h"

namespace selfheal {

// Without a name it is the only one. It is shut down with the DockerHosts.
inline NamedEngine borrowed(DockerApi& docker, const std::string& name = "") {
  return {name, "tcp://" + name + ":2376",
          std::shared_ptr<DockerApi>(std::shared_ptr<void>(), &docker)};
}

}  // namespace selfheal
