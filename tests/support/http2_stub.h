// The server's side of HTTP/2 on a StubConnection, by nghttp2.
//
//   StubServer server([](StubConnection& connection) {
//     serve_http2(connection, [](const Http2Request&) { return Http2Response{}; });
//   });
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <openssl/ssl.h>

#include "tests/support/stub_server.h"

namespace selfheal {

using Http2Headers = std::vector<std::pair<std::string, std::string>>;

struct Http2Request {
  Http2Headers headers;  // ":path" and the like among them
  std::string body;
  std::string header(const std::string& name) const;  // or ""
};

struct Http2Response {
  Http2Headers headers{{":status", "200"}};
  std::string body;
  Http2Headers trailers;  // without a body and trailers the headers are all there is
};

// Until the peer goes or the server ends. What is answered with nothing stays unanswered.
using Http2Answer = std::function<std::optional<Http2Response>(const Http2Request&)>;
void serve_http2(StubConnection& connection, const Http2Answer& answer);

// Makes a TLS server agree to HTTP/2 (ALPN "h2").
void offer_http2(SSL_CTX* context);

}  // namespace selfheal
