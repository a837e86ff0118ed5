#include "exporter/discovery/target_discovery.h"

#include <algorithm>
#include <string_view>

namespace selfheal {
namespace {

constexpr std::string_view kSharedNetwork = "container:";

void add(std::vector<Endpoint>& endpoints, std::string address, int port) {
  if (address.empty() || port == 0) return;
  Endpoint endpoint{std::move(address), port};
  if (std::find(endpoints.begin(), endpoints.end(), endpoint) == endpoints.end())
    endpoints.push_back(std::move(endpoint));
}

// A port bound to every address is reached through loopback.
std::string reachable(const std::string& host_ip) {
  if (host_ip.empty() || host_ip == "0.0.0.0") return "127.0.0.1";
  if (host_ip == "::") return "::1";
  return host_ip;
}

// By the mode it was created with, not by its addresses: what is stopped has none either.
bool has_network(const ContainerDetails& container) {
  return container.network_mode != "none";
}

// What a container without (readable) selfheal.probe is probed by.
std::optional<ProbeUrl> suitable_url(const ContainerDetails& container) {
  if (!container.exposed_tcp_ports.empty() && has_network(container))
    return ProbeUrl{ProbeKind::http, "http", "", container.exposed_tcp_ports.front(),
                    "/health",       {}};
  if (container.has_healthcheck) return ProbeUrl{ProbeKind::docker, "docker", "", 0, "", {}};
  return std::nullopt;
}

// A docker: probe of a container without HEALTHCHECK, or one that connects to a container without a
// network, would never tell anything.
void drop_impossible(const ContainerDetails& container, const std::string& probe, ProbeWish& wish,
                     std::vector<LabelError>& errors) {
  if (!wish.url || wish.url->kind == ProbeKind::exec) return;
  const bool docker = wish.url->kind == ProbeKind::docker;
  if (docker ? container.has_healthcheck : has_network(container)) return;
  const std::string label =
      probe == kUnnamedProbe ? "selfheal.probe" : std::string("selfheal.probe.") + probe;
  errors.push_back({label, container.labels.at(label),
                    docker ? "the container has no HEALTHCHECK" : "the container has no network"});
  wish.url.reset();
}

}  // namespace

std::optional<std::string> shared_network_owner(const ContainerDetails& container) {
  if (!std::string_view(container.network_mode).starts_with(kSharedNetwork)) return std::nullopt;
  return container.network_mode.substr(kSharedNetwork.size());
}

std::vector<Endpoint> endpoints_of(const ContainerDetails& container,
                                   const ContainerDetails* network_owner, int port) {
  const ContainerDetails& network = network_owner != nullptr ? *network_owner : container;
  std::vector<Endpoint> endpoints;
  for (const NetworkAddress& address : network.networks) add(endpoints, address.ipv4, port);
  for (const NetworkAddress& address : network.networks) add(endpoints, address.ipv6, port);
  if (network.network_mode == "host") add(endpoints, "127.0.0.1", port);
  for (const PublishedPort& published : network.published_tcp_ports) {
    if (published.container_port == port)
      add(endpoints, reachable(published.host_ip), published.host_port);
  }
  return endpoints;
}

DiscoveredContainer discover(const ContainerDetails& container,
                             const ContainerDetails* network_owner, const ProbeSettings& defaults) {
  DiscoveredContainer found;
  found.labels = read_container_labels(container.labels, container.name, defaults);
  for (auto& [name, wish] : found.labels.probes) {
    drop_impossible(container, name, wish, found.labels.errors);
    if (!wish.url && name == kUnnamedProbe) wish.url = suitable_url(container);
    if (!wish.url) continue;
    static const ModuleSet modules;
    ProbeSpec spec{name,          *wish.url,    modules.default_for(wish.url->kind),
                   wish.settings, container.id, {}};
    if (spec.url.kind != ProbeKind::docker && spec.url.kind != ProbeKind::exec)
      spec.endpoints = endpoints_of(container, network_owner, spec.url.port);
    found.probes.push_back(std::move(spec));
  }
  return found;
}

}  // namespace selfheal
