// From what Docker says about a container to its probes and the addresses where it may answer.
//
// [pure] Never fails: what can't be read becomes a LabelError, what can't be reached is found out
// by the probe.
#pragma once

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
// null.
DiscoveredContainer discover(const ContainerDetails& container,
                             const ContainerDetails* network_owner,
                             const DiscoverySettings& settings);

// Where `port` of the container may answer, most direct first: its address in each network, this
// host's loopback in host network mode, then the published ports (a container's own address can't
// be reached from another machine or from a virtual machine's outside).
std::vector<Endpoint> endpoints_of(const ContainerDetails& container,
                                   const ContainerDetails* network_owner, int port);

// The X of network_mode: container:X, or nothing.
std::optional<std::string> shared_network_owner(const ContainerDetails& container);

}  // namespace selfheal
