#include "common/docker/swarm_task.h"

namespace selfheal {

std::string swarm_service(const Labels& labels) {
  const auto name = labels.find("com.docker.swarm.service.name");
  return name == labels.end() ? "" : name->second;
}

bool is_ended_task(const ContainerDetails& container) {
  const bool ended =
      container.state == ContainerState::exited || container.state == ContainerState::dead;
  return ended && !swarm_service(container.labels).empty();
}

}  // namespace selfheal
