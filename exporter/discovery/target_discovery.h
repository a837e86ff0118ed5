// From what Docker says about a container to its probes and the addresses where it may answer.
//
// [pure] Never fails: what can't be read becomes a LabelError, what can't be reached is found out
// by the probe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/shared.h"
#include "common/docker/docker_api.h"
#include "exporter/discovery/container_labels.h"
#include "exporter/discovery/discovery_settings.h"
#include "exporter/probes/probe.h"

namespace selfheal {

struct DiscoveredContainer {
  ContainerLabels labels;
  std::vector<Shared<ProbeSpec>> probes;
};

// `network_owner` is the container whose network this one shares (network_mode: container:X), or
// null. `docker_host` is the address literal of Docker's host, empty for this machine.
DiscoveredContainer discover(const ContainerDetails& container,
                             const ContainerDetails* network_owner,
                             const DiscoverySettings& settings,
                             const std::string& docker_host = "");

// Where `port` of the container may answer, most direct first: its address in each network, its
// host's in host network mode (on this machine the loopback), then the published ports (a
// container's own address can't be reached from another machine or from a virtual machine's
// outside).
std::vector<Endpoint> endpoints_of(const ContainerDetails& container,
                                   const ContainerDetails* network_owner, int port,
                                   const std::string& docker_host = "");

// An address literal of this machine alone.
bool is_loopback(std::string_view address);

// The X of network_mode: container:X, or nothing.
std::optional<std::string> shared_network_owner(const ContainerDetails& container);

}  // namespace selfheal
