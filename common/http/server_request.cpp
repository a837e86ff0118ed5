#include "common/http/server_request.h"

#include <civetweb.h>

namespace selfheal {

ServerResponse refusal(int status, std::string text) {
  ServerResponse response;
  response.status = status;
  response.body = std::move(text) + "\n";
  response.close_connection = true;
  return response;
}

std::string ServerRequest::query(std::string_view name) const {
  const std::string text = query_string();
  std::string value(text.size() + 1, '\0');
  const int length =
      mg_get_var(text.c_str(), text.size(), std::string(name).c_str(), value.data(), value.size());
  value.resize(length < 0 ? 0 : static_cast<size_t>(length));
  return value;
}

}  // namespace selfheal
