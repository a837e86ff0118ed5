#include "exporter/discovery/target_discovery.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "common/docker/namespace_mode.h"
#include "exporter/discovery/module_choice.h"

namespace selfheal {
namespace {

constexpr int kAnyPort = -1;  // of no published port

void add(std::vector<Endpoint>& endpoints, std::string address, int port) {
  if (address.empty() || port == 0) return;
  Endpoint endpoint{std::move(address), port};
  if (std::find(endpoints.begin(), endpoints.end(), endpoint) == endpoints.end())
    endpoints.push_back(std::move(endpoint));
}

// A port bound to every address is reached through loopback, on another machine at its address; one
// bound to that machine's loopback not at all.
std::string reachable(const std::string& host_ip, const std::string& docker_host) {
  const bool every = host_ip.empty() || host_ip == "0.0.0.0" || host_ip == "::";
  if (docker_host.empty()) return !every ? host_ip : host_ip == "::" ? "::1" : "127.0.0.1";
  if (every) return docker_host;
  return is_loopback(host_ip) ? "" : host_ip;
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

// "selfheal.probe" or "selfheal.probe.NAME".
std::string label_of(std::string_view key, const std::string& probe) {
  return "selfheal." + std::string(key) + (probe == kUnnamedProbe ? "" : "." + probe);
}

// Why a probe of this kind would never tell anything; or nothing.
const char* impossible(ProbeKind kind, const ContainerDetails& container) {
  if (kind == ProbeKind::exec) return nullptr;
  if (kind == ProbeKind::docker)
    return container.has_healthcheck ? nullptr : "the container has no HEALTHCHECK";
  return has_network(container) ? nullptr : "the container has no network";
}

void drop_impossible(const ContainerDetails& container, const Labels& labels,
                     const std::string& probe, ProbeWish& wish, std::vector<LabelError>& errors) {
  const char* why = wish.url ? impossible(wish.url->kind, container) : nullptr;
  if (why == nullptr) return;
  const std::string label = label_of("probe", probe);
  errors.push_back({label, labels.at(label), why});
  wish.url.reset();
}

// Null when the probe can't be made at all: then its URL is at fault.
ModulePtr module_of(const std::string& probe, const ProbeWish& wish, const ModuleSet& modules,
                    const Labels& labels, std::vector<LabelError>& errors) {
  if (!wish.module.empty()) {
    auto named = choose_module(*wish.url, wish.module, modules);
    if (named) return *std::move(named);
    errors.push_back({label_of("module", probe), wish.module, named.error().message});
  }
  auto usual = choose_module(*wish.url, "", modules);
  if (usual) return *std::move(usual);
  const auto label = labels.find(label_of("probe", probe));
  errors.push_back({label_of("probe", probe), label == labels.end() ? "" : label->second,
                    usual.error().message});
  return nullptr;
}

std::vector<Endpoint> endpoints_for(const ProbeUrl& url, const ContainerDetails& container,
                                    const ContainerDetails* network_owner,
                                    const std::string& docker_host) {
  if (url.kind == ProbeKind::docker || url.kind == ProbeKind::exec) return {};
  if (url.kind != ProbeKind::icmp)
    return endpoints_of(container, network_owner, url.port, docker_host);
  // Which of several addresses answers is found out by connecting: for this there is no port.
  std::vector<Endpoint> all = endpoints_of(container, network_owner, kAnyPort, docker_host);
  if (all.size() > 1) all.resize(1);
  for (Endpoint& endpoint : all) endpoint.port = 0;
  return all;
}

}  // namespace

bool is_loopback(std::string_view address) {
  return address.starts_with("127.") || address == "::1";
}

std::optional<std::string> shared_network_owner(const ContainerDetails& container) {
  return namespace_owner(container.network_mode);
}

std::vector<Endpoint> endpoints_of(const ContainerDetails& container,
                                   const ContainerDetails* network_owner, int port,
                                   const std::string& docker_host) {
  const ContainerDetails& network = network_owner != nullptr ? *network_owner : container;
  std::vector<Endpoint> endpoints;
  for (const NetworkAddress& address : network.networks) add(endpoints, address.ipv4, port);
  for (const NetworkAddress& address : network.networks) add(endpoints, address.ipv6, port);
  if (network.network_mode == "host")
    add(endpoints, docker_host.empty() ? "127.0.0.1" : docker_host, port);
  for (const PublishedPort& published : network.published_tcp_ports) {
    if (published.container_port == port)
      add(endpoints, reachable(published.host_ip, docker_host), published.host_port);
  }
  return endpoints;
}

DiscoveredContainer discover(const ContainerDetails& container,
                             const ContainerDetails* network_owner,
                             const DiscoverySettings& settings, const std::string& docker_host) {
  DiscoveredContainer found;
  const Labels labels = overridden(container.labels, container.name, settings.overrides);
  found.labels = read_container_labels(labels, container.name, settings.defaults);
  for (auto& [name, wish] : found.labels.probes) {
    drop_impossible(container, labels, name, wish, found.labels.errors);
    if (!wish.url && name == kUnnamedProbe) wish.url = suitable_url(container);
    if (!wish.url) continue;
    const ModulePtr module = module_of(name, wish, settings.modules, labels, found.labels.errors);
    if (module == nullptr) continue;
    ProbeSpec spec{name, *wish.url, module, wish.settings, container.id, {}};
    if (!wish.own_timeout) spec.settings.timeout = timeout_with(*module, settings.defaults);
    spec.endpoints = endpoints_for(spec.url, container, network_owner, docker_host);
    found.probes.emplace_back(std::move(spec));
  }
  return found;
}

}  // namespace selfheal
