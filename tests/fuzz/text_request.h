// Requests written as text, for asking handlers without a socket.
//
//   POST /api/v1/pause?x=1
//   Content-Type: application/json
//   Authorization: Bearer secret
//
//   {"scope": "all"}
//   %%
//   GET /
//
// Lines end by "\n"; "%%" on a line of its own stands between two. Whatever is missing is empty.
#pragma once

#include <map>
#include <vector>

#include "common/http/server_request.h"

namespace selfheal::fuzz {

class TextRequest final : public ServerRequest {
 public:
  explicit TextRequest(std::string_view text);

  std::string_view method() const override { return method_; }
  std::string_view path() const override { return path_; }
  std::string query_string() const override { return query_; }
  std::string header(std::string_view name) const override;
  std::string remote_address() const override { return "192.0.2.7"; }
  Result<std::string, BodyFault> read_body(size_t limit, Milliseconds timeout) override;
  bool has_unread_body() const override { return !body_read_ && !body_.empty(); }

  const std::string& body() const { return body_; }

 private:
  std::string method_;
  std::string path_;
  std::string query_;
  std::map<std::string, std::string> headers_;  // by name, in lower case
  std::string body_;
  bool body_read_ = false;
};

// At most that many, so that none takes for ever.
inline constexpr size_t kMostRequests = 8;
std::vector<TextRequest> requests_of(std::string_view text);

}  // namespace selfheal::fuzz
