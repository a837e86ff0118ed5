// A request that came over one of civetweb's connections.
//
// On the worker that serves it. How long a body is waited for is the watch's to see to.
#pragma once

#include <string>

#include "common/http/connection_watch.h"
#include "common/http/server_request.h"

struct mg_connection;

namespace selfheal {

// Of a request with more of them civetweb drops those that come last, which may be the one that
// says how long the body is, or who asks.
inline constexpr int kMostHeaders = 63;

class CivetwebRequest final : public ServerRequest {
 public:
  CivetwebRequest(mg_connection* connection, ConnectionWatch& watch, const Clock& clock);

  std::string_view method() const override { return method_; }
  std::string_view path() const override { return path_; }
  std::string query_string() const override;
  std::string header(std::string_view name) const override;
  std::string remote_address() const override;
  Result<std::string, BodyFault> read_body(size_t limit, Milliseconds timeout) override;
  bool has_unread_body() const override;
  bool has_too_many_headers() const;

 private:
  Result<std::string, BodyFault> read_pieces(size_t limit, SteadyTime deadline);

  mg_connection* connection_;
  ConnectionWatch& watch_;
  const Clock& clock_;
  std::string method_;
  std::string path_;
  bool body_consumed_ = false;
};

}  // namespace selfheal
