// The sample app in a container, as the race sees it: broken over HTTP, asked for its health.
#pragma once

#include <string>

#include "bench/race/names.h"
#include "common/base/result.h"
#include "common/http/blocking_http_client.h"

namespace selfheal::race {

class SampleApp {
 public:
  // `address` is the container's own. `http` must outlive this.
  SampleApp(BlockingHttpClient& http, const std::string& address);

  // Broken when this returns.
  Outcome<> break_in(Mode mode);
  // Its own word: GET /health answers 200.
  bool is_healthy();

 private:
  BlockingHttpClient& http_;
  const std::string base_url_;
};

}  // namespace selfheal::race
