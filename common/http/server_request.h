// A request as handlers see it, and what they answer.
//
// A ServerRequest lives on the worker that serves it, for as long as its handler runs. Handlers
// look at the headers first and read the body only when they want it, bounded in size and time.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"

namespace selfheal {

struct ServerResponse {
  int status = 200;
  std::string body;
  std::string content_type = "text/plain; charset=utf-8";
  std::vector<std::pair<std::string, std::string>> headers;
  // The body has not been read, or the peer is not to be trusted further.
  bool close_connection = false;
};

// A refusal in one line; ends the connection.
ServerResponse refusal(int status, std::string text);

enum class BodyFault { too_large, too_slow, length_required, closed };

class ServerRequest {
 public:
  virtual ~ServerRequest() = default;

  virtual std::string_view method() const = 0;
  virtual std::string_view path() const = 0;  // decoded, without the query
  // The whole query as it came, not decoded; empty without one.
  virtual std::string query_string() const = 0;
  // A URL-decoded query parameter, or the empty string.
  std::string query(std::string_view name) const;
  // A request header, case-insensitive, or the empty string.
  virtual std::string header(std::string_view name) const = 0;
  virtual std::string remote_address() const = 0;

  // Reads the whole body: at most `limit` bytes within `timeout`.
  virtual Result<std::string, BodyFault> read_body(size_t limit, Milliseconds timeout) = 0;
  virtual bool has_unread_body() const = 0;
};

}  // namespace selfheal
