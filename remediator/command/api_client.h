// A running remediator's API, for the subcommands that a person types. Blocks.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "common/base/result.h"
#include "common/http/blocking_http_client.h"

namespace selfheal {

class ApiClient {
 public:
  // `url` without a slash at its end; `token` empty for none.
  ApiClient(std::string url, std::string token, const Clock& clock);

  // The error says who was asked and what came back, and what to do where that is known.
  Result<nlohmann::json> get(const std::string& path);
  Result<nlohmann::json> post(const std::string& path, const nlohmann::json& body);

 private:
  Result<nlohmann::json> ask(HttpRequest request);
  HttpResult fetch(HttpRequest request);

  const std::string url_;
  const std::string token_;
  BlockingHttpClient http_;
};

}  // namespace selfheal
