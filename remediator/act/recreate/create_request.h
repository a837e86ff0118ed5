// What to ask a Docker Engine for, to get a container once more: its inspected state turned into
// the request that creates its like. [pure]
//
// The same are image, configuration, limits, networks with fixed addresses and aliases, and every
// volume, those without a name included: they are asked for by the name that Docker gave them, so
// that the new one finds the data of the old. Not the same are the id, addresses and ports that
// Docker chose, the writable layer, and, of engines that give out random ones, a MAC address that
// was asked for on any network but the first (inspect does not tell it from Docker's own).
//
// Fails where the like can't be had from what inspect shows, with the reason.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace selfheal {

struct NetworkEndpoint {
  std::string network;
  std::string settings;  // JSON
};

struct CreateRequest {
  std::string body;  // JSON
  // Before API 1.44 a container is created on one network and connected to the others.
  std::vector<NetworkEndpoint> further;
};

// `inspected` is Docker's answer; `image` the name or id of the image to take.
Result<CreateRequest> create_request(std::string_view inspected, const std::string& image);

}  // namespace selfheal
