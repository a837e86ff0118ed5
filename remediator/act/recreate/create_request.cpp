#include "remediator/act/recreate/create_request.h"

#include "common/docker/container_id.h"
#include "common/docker/docker_json.h"
#include "common/docker/namespace_mode.h"
#include "remediator/act/recreate/create_mounts.h"

namespace selfheal {
namespace {

using docker_json::get_or;
using docker_json::Json;
using docker_json::object_at;

std::string short_id_of(const Json& container) {
  return short_id(get_or<std::string>(container, "Id", ""));
}

bool shares_network(const std::string& mode) {
  return namespace_owner(mode).has_value();
}

bool has_networks(const std::string& mode) {
  return mode != "host" && mode != "none" && !shares_network(mode);
}

Json config_of(const Json& container, const std::string& image) {
  Json config = object_at(container, "Config");
  const Json& host = object_at(container, "HostConfig");
  const auto mode = get_or<std::string>(host, "NetworkMode", "");
  const auto hostname = get_or<std::string>(config, "Hostname", "");
  // One that Docker made up, or that is another's: it refuses the latter.
  if (hostname == short_id_of(container) || shares_network(mode) ||
      get_or<std::string>(host, "UTSMode", "") == "host")
    config.erase("Hostname");
  if (shares_network(mode)) config.erase("ExposedPorts");  // the image's come back by themselves
  // No entrypoint would be the image's; one that is empty is none.
  if (get_or<std::vector<std::string>>(config, "Entrypoint", {}).empty())
    config["Entrypoint"] = Json::array({""});
  config["Image"] = image;
  return config;
}

Json endpoint_of(const Json& container, const Json& network) {
  Json endpoint = Json::object();
  for (const char* key : {"IPAMConfig", "Links", "DriverOpts"})
    if (const auto entry = network.find(key); entry != network.end() && !entry->is_null())
      endpoint[key] = *entry;
  // Each container gets its own id for an alias.
  Json aliases = Json::array();
  for (const auto& alias : get_or<std::vector<std::string>>(network, "Aliases", {}))
    if (alias != short_id_of(container)) aliases.push_back(alias);
  if (!aliases.empty()) endpoint["Aliases"] = aliases;
  if (const int priority = get_or<int>(network, "GwPriority", 0); priority != 0)
    endpoint["GwPriority"] = priority;
  return endpoint;
}

// The network that the container was created on: NetworkMode is its name or its id.
std::string first_network(const Json& networks, const std::string& mode) {
  const std::string name = mode.empty() || mode == "default" ? "bridge" : mode;
  if (networks.contains(name)) return name;
  for (const auto& [candidate, network] : networks.items()) {
    const auto id = get_or<std::string>(network, "NetworkID", "");
    if (stands_for_id(name, id)) return candidate;
  }
  return "";
}

Result<CreateRequest> with_networks(const Json& container, Json body, const std::string& mode) {
  const Json& networks = object_at(object_at(container, "NetworkSettings"), "Networks");
  const std::string first = first_network(networks, mode);
  if (first.empty())
    return Error{"it was disconnected from " + mode +
                 ", the network it was created on; a new one would be connected to it"};
  CreateRequest request;
  for (const auto& [name, network] : networks.items()) {
    Json endpoint = endpoint_of(container, network);
    if (name != first) {
      request.further.push_back({name, endpoint.dump()});
      continue;
    }
    // From API 1.44 on it belongs to the endpoint; engines accept both when they agree.
    if (const auto mac = get_or<std::string>(body, "MacAddress", ""); !mac.empty())
      endpoint["MacAddress"] = mac;
    body["NetworkingConfig"]["EndpointsConfig"][name] = endpoint;
  }
  request.body = body.dump();
  return request;
}

}  // namespace

Result<CreateRequest> create_request(std::string_view inspected, const std::string& image) {
  using Request = Result<CreateRequest>;
  const auto made =
      docker_json::parse<Request>(inspected, "a container", [&](const Json& container) {
        Json body = config_of(container, image);
        body["HostConfig"] = with_same_volumes(container);
        const auto mode = get_or<std::string>(body["HostConfig"], "NetworkMode", "");
        if (has_networks(mode)) return with_networks(container, std::move(body), mode);
        return Request(CreateRequest{body.dump(), {}});
      });
  return made ? *made : Request(made.error());
}

}  // namespace selfheal
