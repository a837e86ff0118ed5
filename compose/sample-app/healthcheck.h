// `sample-app --healthcheck`: asks the app in the same container for /health, for Docker's
// HEALTHCHECK. The image has no shell and no curl that could.
#pragma once

#include <cstdint>

namespace sample_app {

// Whether it answered 200 within two seconds.
bool is_healthy(uint16_t port);

}  // namespace sample_app
