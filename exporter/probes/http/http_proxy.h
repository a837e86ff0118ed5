// The proxy that a request goes through, as Go's net/http decides it. A pure choice, but for the
// environment where the module asks for it.
#pragma once

#include <string>

#include "common/base/result.h"
#include "exporter/modules/module.h"
#include "exporter/probes/http/http_url.h"

namespace selfheal {

struct HttpProxy {
  std::string url;         // empty: none
  std::string host;        // of the URL; an IPv6 literal without brackets
  std::string exceptions;  // hosts that are asked directly, as NO_PROXY lists them
  // Has it reached at `address`, a literal, instead of by its host's name.
  void move_to(const std::string& address);
};

// The error says what is wrong with the setting.
Result<HttpProxy> proxy_for(const HttpModule& module, const HttpUrl& url);

}  // namespace selfheal
