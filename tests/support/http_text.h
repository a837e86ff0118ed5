// Requests and responses of HTTP/1.1 as text, as far as stubs and raw connections need them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace selfheal {

struct HttpText {
  std::string first_line;
  std::string head;  // with the first line
  std::string body;

  // The first header of that name, case-insensitive, or the empty string.
  std::string header(std::string_view name) const;
  std::string method() const;  // of a request
  std::string target() const;  // path and query
  int status() const;          // of a response; 0 where there is none
};

enum class HttpBody { by_length, none };  // none: the answer to HEAD

// Takes one message from `buffer`, which `more` fills; nothing when the peer ends before it is
// whole. Bodies by Content-Length only.
std::optional<HttpText> read_http_text(std::string& buffer, const std::function<bool()>& more,
                                       HttpBody body = HttpBody::by_length);

}  // namespace selfheal
