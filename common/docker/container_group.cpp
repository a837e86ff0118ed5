#include "common/docker/container_group.h"

#include "common/docker/swarm_task.h"

namespace selfheal {
namespace {

std::string find(const Labels& labels, const char* name) {
  const auto label = labels.find(name);
  return label == labels.end() ? "" : label->second;
}

bool fits(const std::string& group) {
  return !group.empty() && group.size() <= kLongestGroup;
}

}  // namespace

std::string group_of(const Labels& labels, const std::string& container_name) {
  const std::string own = find(labels, "selfheal.group");
  if (fits(own)) return own;
  const std::string project = find(labels, "com.docker.compose.project");
  const std::string service = find(labels, "com.docker.compose.service");
  if (!project.empty() && !service.empty() && fits(project + "/" + service))
    return project + "/" + service;
  // The tasks of a Swarm's service stand in for each other as well.
  const std::string of_swarm = swarm_service(labels);
  return fits(of_swarm) ? of_swarm : container_name;
}

}  // namespace selfheal
