// A client that speaks HTTP byte by byte, for what no decent client would send.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "tests/support/http_text.h"
#include "tests/support/sockets.h"

namespace selfheal {

class HttpPeer {
 public:
  explicit HttpPeer(uint16_t port) : HttpPeer(connect_tcp(port)) {}
  explicit HttpPeer(UniqueFd connected) : socket_(std::move(connected)) {}

  // False when the server has gone.
  bool send(std::string_view bytes) { return send_all(socket_, bytes); }
  // The next response; nothing when the server closed before it was whole.
  std::optional<HttpText> read(HttpBody body = HttpBody::by_length) {
    return read_http_text(
        buffer_, [this] { return receive_some(socket_, buffer_); }, body);
  }
  // Whether the server ends the connection, without another byte.
  bool ends() {
    while (receive_some(socket_, buffer_)) {
    }
    return buffer_.empty();
  }

 private:
  UniqueFd socket_;
  std::string buffer_;
};

// One request on a connection of its own. `headers` with their line ends.
inline std::optional<HttpText> request(uint16_t port, const std::string& method,
                                       const std::string& target, const std::string& body = "",
                                       const std::string& headers = "") {
  HttpPeer peer(port);
  std::string text = method + " " + target + " HTTP/1.1\r\nHost: test\r\n" + headers;
  if (!body.empty() || method == "POST")
    text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  peer.send(text + "\r\n" + body);
  return peer.read(method == "HEAD" ? HttpBody::none : HttpBody::by_length);
}

}  // namespace selfheal
