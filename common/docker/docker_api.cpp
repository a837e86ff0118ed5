#include "common/docker/docker_api.h"

#include "common/base/enum_names.h"

namespace selfheal {
namespace {

constexpr EnumNames<ContainerState, 7> kStates{{
    {ContainerState::created, "created"},
    {ContainerState::running, "running"},
    {ContainerState::paused, "paused"},
    {ContainerState::restarting, "restarting"},
    {ContainerState::removing, "removing"},
    {ContainerState::exited, "exited"},
    {ContainerState::dead, "dead"},
}};

}  // namespace

std::string_view to_string(ContainerState state) {
  const std::string_view name = name_of(kStates, state);
  return name.empty() ? "unknown" : name;
}

ContainerState parse_container_state(std::string_view text) {
  if (text == "stopped") return ContainerState::exited;  // Podman's word for it, for a while
  return value_of(kStates, text).value_or(ContainerState::unknown);
}

std::string_view to_string(ContainerHealth health) {
  switch (health) {
    case ContainerHealth::none:
      return "none";
    case ContainerHealth::starting:
      return "starting";
    case ContainerHealth::healthy:
      return "healthy";
    case ContainerHealth::unhealthy:
      return "unhealthy";
  }
  return "none";
}

std::string_view to_string(DockerFailureKind kind) {
  switch (kind) {
    case DockerFailureKind::unreachable:
      return "unreachable";
    case DockerFailureKind::timeout:
      return "timeout";
    case DockerFailureKind::closed:
      return "closed";
    case DockerFailureKind::not_found:
      return "not_found";
    case DockerFailureKind::conflict:
      return "conflict";
    case DockerFailureKind::refused:
      return "refused";
    case DockerFailureKind::unavailable:
      return "unavailable";
    case DockerFailureKind::failed:
      return "failed";
    case DockerFailureKind::malformed:
      return "malformed";
    case DockerFailureKind::aborted:
      return "aborted";
  }
  return "failed";
}

}  // namespace selfheal
