#include "remediator/act/recreate/recreatable.h"

#include "common/docker/docker_json.h"
#include "common/docker/namespace_mode.h"

namespace selfheal {
namespace {

using docker_json::as_object;
using docker_json::get_or;
using docker_json::Json;
using docker_json::object_at;
using Reason = std::optional<std::string>;

std::string name_of(const Json& container) {
  const auto name = get_or<std::string>(container, "Name", "");
  return name.starts_with('/') ? name.substr(1) : name;
}

}  // namespace

Result<Reason> why_not_recreate(std::string_view inspected) {
  return docker_json::parse<Reason>(inspected, "a container", [](const Json& container) -> Reason {
    const Json& host = object_at(as_object(container), "HostConfig");
    if (get_or<bool>(host, "AutoRemove", false))
      return "it was started with --rm: Docker removes it as soon as it stops, and it could not be "
             "put back";
    if (object_at(object_at(container, "Config"), "Labels").contains("com.docker.swarm.task.id"))
      return "it is a task of a Swarm service, which replaces it; use service-update";
    if (!get_or<std::vector<std::string>>(host, "Links", {}).empty())
      return "it has legacy links (--link) to other containers; put them on a network of their own";
    if (get_or<std::string>(host, "Runtime", "") == "oci")
      return "Podman's Docker API does not tell all of its configuration (fixed addresses, sysctls "
             "and limits are missing), so the new one would not be the same";
    return std::nullopt;
  });
}

Result<std::vector<NeededNetwork>> needed_networks(std::string_view inspected) {
  using Networks = std::vector<NeededNetwork>;
  return docker_json::parse<Networks>(inspected, "a container", [](const Json& container) {
    Networks needed;
    const Json& settings = object_at(as_object(container), "NetworkSettings");
    for (const auto& [name, network] : object_at(settings, "Networks").items()) {
      if (name == "bridge" || name == "host" || name == "none") continue;
      const auto id = get_or<std::string>(as_object(network), "NetworkID", "");
      needed.push_back({name, id.empty() ? name : id});
    }
    return needed;
  });
}

Result<Reason> how_it_hangs_on(std::string_view another, const std::string& id,
                               const std::string& name) {
  return docker_json::parse<Reason>(another, "a container", [&](const Json& container) -> Reason {
    const Json& host = object_at(as_object(container), "HostConfig");
    const std::pair<const char*, const char*> kinds[] = {
        {"NetworkMode", "network"}, {"PidMode", "process"}, {"IpcMode", "IPC"}};
    for (const auto& [key, kind] : kinds)
      if (is_in_namespace_of(get_or<std::string>(host, key, ""), id, name))
        return name_of(container) + " is in its " + kind + " namespace";
    for (const auto& link : get_or<std::vector<std::string>>(host, "Links", {}))
      if (link.starts_with("/" + name + ":")) return name_of(container) + " is linked to it";
    return std::nullopt;
  });
}

}  // namespace selfheal
