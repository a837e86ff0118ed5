#include "remediator/command/api_client.h"

#include "remediator/addresses.h"

namespace selfheal {
namespace {

constexpr Milliseconds kTimeout{10'000};

std::string what_to_do(int status) {
  if (status == 401)
    return " (the token by --webhook.token-file; with users of --web.config.file, what is only "
           "read "
           "by --url http://USER:PASSWORD@HOST:PORT)";
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

// One request can't carry both a user and the token. What is read is the users' whose name and
// password the address has, or with web.protect_reads the token's owner's.
HttpResult ApiClient::fetch(HttpRequest request) {
  const bool as_user = request.method == "GET" && url_.find('@') != std::string::npos;
  if (token_.empty() || as_user) {
    HttpResult answer = http_.fetch(request);
    if (token_.empty() || !answer || answer->status != 401) return answer;
  }
  request.headers.emplace_back("Authorization", "Bearer " + token_);
  return http_.fetch(std::move(request));
}

Result<nlohmann::json> ApiClient::ask(HttpRequest request) {
  const std::string who = "the remediator at " + without_password(url_);
  request.timeout = kTimeout;
  const HttpResult answer = fetch(std::move(request));
  if (!answer)
    return Error{who + ": " + answer.error().message + " (is it running there? see --url)"};
  const nlohmann::json json = nlohmann::json::parse(answer->body, nullptr, false);
  const bool fine = answer->status >= 200 && answer->status < 300;
  if (fine && json.is_object()) return json;
  if (fine) return Error{who + " does not answer as a remediator does (see --url)"};
  const std::string why = json.is_object() && json.contains("error") && json["error"].is_string()
                              ? json["error"].get<std::string>()
                              : answer->body.substr(0, 300);
  return Error{who + " answered " + std::to_string(answer->status) + ": " + why +
               what_to_do(answer->status)};
}

}  // namespace selfheal
