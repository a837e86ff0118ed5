#include "remediator/command/api_client.h"

#include "remediator/addresses.h"

namespace selfheal {
namespace {

constexpr Milliseconds kTimeout{10'000};

std::string what_to_do(int status) {
  if (status == 401) return " (give the remediator's token by --webhook.token-file)";
  return "";
}

}  // namespace

ApiClient::ApiClient(std::string url, std::string token, const Clock& clock)
    : url_(std::move(url)), token_(std::move(token)), http_(clock, "api") {}

Result<nlohmann::json> ApiClient::get(const std::string& path) {
  HttpRequest request;
  request.url = url_ + path;
  return ask(std::move(request));
}

Result<nlohmann::json> ApiClient::post(const std::string& path, const nlohmann::json& body) {
  HttpRequest request;
  request.method = "POST";
  request.url = url_ + path;
  request.headers = {{"Content-Type", "application/json"}};
  request.body = body.dump();
  return ask(std::move(request));
}

Result<nlohmann::json> ApiClient::ask(HttpRequest request) {
  const std::string who = "the remediator at " + without_password(url_);
  request.timeout = kTimeout;
  if (!token_.empty()) request.headers.emplace_back("Authorization", "Bearer " + token_);
  const HttpResult answer = http_.fetch(std::move(request));
  if (!answer)
    return Error{who + ": " + answer.error().message + " (is it running there? see --url)"};
  const nlohmann::json json = nlohmann::json::parse(answer->body, nullptr, false);
  if (answer->status >= 200 && answer->status < 300 && !json.is_discarded()) return json;
  const std::string why = json.is_object() && json.contains("error") && json["error"].is_string()
                              ? json["error"].get<std::string>()
                              : answer->body.substr(0, 300);
  return Error{who + " answered " + std::to_string(answer->status) + ": " + why +
               what_to_do(answer->status)};
}

}  // namespace selfheal
