// The web server of both daemons: civetweb behind limits and deadlines of our own.
//
// civetweb is not trusted (reference: its drain of refused bodies is unbounded, idle connections
// hold workers): handlers look at the headers first and read the body only when they want it,
// bounded in size and time; whatever is refused closes its connection.
//
// Handlers run on the server's worker threads, many at once. Routes are added before start().
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"

struct mg_connection;

namespace selfheal {

struct HttpServerOptions {
  // "host:port", ":port" (every address) or "[v6]:port"; port 0 lets the kernel choose.
  std::vector<std::string> listen_addresses;
  int threads = 64;                    // each connection holds one while it is open
  Milliseconds request_timeout{5000};  // for the headers, for each write, for an idle connection
};

struct ServerResponse {
  int status = 200;
  std::string body;
  std::string content_type = "text/plain; charset=utf-8";
  std::vector<std::pair<std::string, std::string>> headers;
  // The body has not been read, or the peer is not to be trusted further.
  bool close_connection = false;
};

enum class BodyFault { too_large, too_slow, length_required, closed };

class ServerRequest {
 public:
  ServerRequest(mg_connection* connection, const Clock& clock);

  std::string_view method() const { return method_; }
  std::string_view path() const { return path_; }
  // What follows the '?', not decoded.
  std::string query_string() const;
  // A URL-decoded query parameter, or the empty string.
  std::string query(std::string_view name) const;
  // A request header, case-insensitive, or the empty string.
  std::string header(std::string_view name) const;
  std::string remote_address() const;

  // Reads the whole body: at most `limit` bytes within `timeout`.
  Result<std::string, BodyFault> read_body(size_t limit, Milliseconds timeout);
  bool body_consumed() const { return body_consumed_; }

 private:
  mg_connection* connection_;
  const Clock& clock_;
  std::string method_;
  std::string path_;
  bool body_consumed_ = false;
};

class HttpServer {
 public:
  using Handler = std::function<ServerResponse(ServerRequest&)>;

  HttpServer(HttpServerOptions options, const Clock& clock);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // `path` exactly, or with a trailing "*" everything below it. HEAD is answered as GET.
  void route(std::string method, std::string path, Handler handler);

  // The error says which address could not be bound and why.
  Outcome<> start();
  // Where it listens, "127.0.0.1:10115", in the order of the options.
  std::vector<std::string> addresses() const;
  uint16_t port() const;  // the first one

  // No new requests (503); waits up to `patience` for those under way, then stops. Idempotent.
  void drain_and_stop(Milliseconds patience = Milliseconds(5000));

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace selfheal
