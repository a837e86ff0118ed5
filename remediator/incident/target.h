// What an incident is about, as one name, which stands wherever a container's does: in the journal,
// metrics, pauses, addresses and messages. [pure]
//
//   web            the container of that name
//   service/web    the service of that name, of the Swarm that the host is a manager of
//
// Docker gives no container a name with a slash, so a service never is taken for one.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace selfheal {

std::string service_target(std::string_view service);

// The service's name; nothing where the target is a container.
std::optional<std::string> service_of(std::string_view target);

}  // namespace selfheal
