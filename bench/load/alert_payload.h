// What Alertmanager posts when the route groups by ['...']: one alert a request, with the labels
// and annotations of the rules as shipped. [pure]
#pragma once

#include <string>

#include "common/base/clock.h"

namespace selfheal::bench {

inline constexpr const char* kHost = "load-host";

// "web-17", of a group of its own.
std::string container_name(int container);

struct FiringAlert {
  int container = 0;
  int kind = 0;  // which of a container's alerts; each has a fingerprint of its own
  WallTime starts_at;
};

// The body, and the whole request with it. An empty token sends none.
std::string webhook_payload(const FiringAlert& alert);
std::string webhook_request(const FiringAlert& alert, const std::string& token);

}  // namespace selfheal::bench
