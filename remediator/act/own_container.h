// Which container this process runs in, so that it never acts on itself.
//
// Told by what Docker and Podman leave in a container: the cgroup's name where it is to be seen
// (not in a cgroup namespace, the default of cgroup v2), the source of /etc/hostname (the network
// owner's in a shared network namespace, and restarting that one would cut us off as well), at last
// the host name, which is the beginning of the id unless it was chosen.
#pragma once

#include <string>

namespace selfheal {

struct ContainerTraces {
  std::string cgroup;     // /proc/self/cgroup
  std::string mountinfo;  // /proc/self/mountinfo
  std::string hostname;   // empty outside of a container
};

// Of this process.
ContainerTraces container_traces();

// [pure] The id, or the 12 digits it begins with; empty outside of a container.
std::string container_id_from(const ContainerTraces& traces);

}  // namespace selfheal
