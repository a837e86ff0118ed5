#include "common/http/json_reply.h"

#include <nlohmann/json.hpp>

namespace selfheal {

ServerResponse json_reply(std::string body, int status) {
  ServerResponse response;
  response.status = status;
  response.content_type = "application/json";
  response.body = std::move(body);
  return response;
}

std::string json_object(const char* key, const std::string& text) {
  const nlohmann::json json{{key, text}};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

ServerResponse json_fault(int status, const std::string& why) {
  return json_reply(json_object("error", why), status);
}

ServerResponse json_refusal(int status, const std::string& why) {
  ServerResponse response = json_fault(status, why);
  response.close_connection = true;
  return response;
}

std::optional<ServerResponse> refuse_other_than_json(const ServerRequest& request) {
  if (request.header("Content-Type").starts_with("application/json")) return std::nullopt;
  return json_refusal(415, "expected a body of Content-Type application/json");
}

}  // namespace selfheal
