// Asks a Prometheus for the samples it has, with the timestamps that it gave them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/http/blocking_http_client.h"

namespace selfheal::race {

struct Sample {
  WallTime at{};
  double value = 0;
};

class Prometheus {
 public:
  // `url` without a slash at the end; `http` must outlive this.
  Prometheus(BlockingHttpClient& http, std::string url) : http_(http), url_(std::move(url)) {}

  // The samples of all series that `selector` selects since `since`, in order of time.
  Result<std::vector<Sample>> samples(const std::string& selector, WallTime since, WallTime now);

  // The first of them that is `wanted`; the error names the selector if there is none.
  Result<Sample> first(const std::string& selector, WallTime since, WallTime now,
                       const std::function<bool(const Sample&)>& wanted);

 private:
  BlockingHttpClient& http_;
  const std::string url_;
};

}  // namespace selfheal::race
