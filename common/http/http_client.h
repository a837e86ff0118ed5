// HTTP requests on an EventLoop (curl multi on epoll): many at once, each by an absolute deadline.
//
// Belongs to the loop's thread; callers on other threads that may wait use BlockingHttpClient.
// Whatever happens, the callback of a request is called exactly once, from the loop and never from
// within send(); after cancel() it is not called. The environment's proxy settings are not obeyed.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/types.h>

#include "common/base/event_loop.h"
#include "common/base/result.h"
#include "common/http/http_tls.h"

namespace selfheal {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

// fresh: a connection of its own, closed with a reset so that nothing lingers in TIME_WAIT or the
// connection tracking table (a probe proves less over a connection that is kept).
enum class HttpConnection { reuse, fresh };

struct HttpRequest {
  std::string method = "GET";
  std::string url;          // http:// or https://
  std::string unix_socket;  // path of the socket to connect to instead of the URL's host; or empty
  std::optional<HttpTls> tls;  // nothing: the peer is checked against the system's authorities
  HttpHeaders headers;
  std::string body;
  Milliseconds timeout{10'000};         // from send() to the last byte; 0 for none (a stream)
  Milliseconds connect_timeout{5'000};  // within `timeout`
  size_t max_body_bytes = 16 << 20;     // of the response; more is HttpFailureKind::too_large
  int max_redirects = 0;                // to http and https only
  HttpConnection connection = HttpConnection::reuse;
  // When set, gets the response's body piece by piece, which is then not collected. Returning false
  // ends the request as aborted.
  std::function<bool(std::string_view)> on_data;
};

struct HttpResponse {
  int status = 0;
  HttpHeaders headers;  // of the last response, in order
  std::string body;
  std::string peer;  // who answered: an address literal; empty by a unix socket
  std::string header(
      std::string_view name) const;  // the first of that name, case-insensitive; or ""
};

enum class HttpFailureKind {
  timeout,
  refused,
  reset,
  dns,
  tls,
  unreachable,  // no route, no such socket, permission denied
  too_large,
  protocol,
  aborted,
};
std::string_view to_string(HttpFailureKind kind);

struct HttpFailure {
  HttpFailureKind kind;
  std::string message;     // for a person, with the address
  int os_error = 0;        // errno of a failed connect, else 0
  bool connected = false;  // whether a connection was established first
};

using HttpResult = Result<HttpResponse, HttpFailure>;

class HttpClient {
 public:
  using Callback = std::function<void(HttpResult)>;
  using RequestId = uint64_t;

  // `loop` must outlive the client; destroy while the loop is not running, or on it.
  explicit HttpClient(EventLoop& loop);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  RequestId send(HttpRequest request, Callback callback);
  void cancel(RequestId id);
  void cancel_all();
  size_t in_flight() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace selfheal
