#include "tests/support/http_text.h"

#include <charconv>

#include <strings.h>

namespace selfheal {
namespace {

std::string word(const std::string& line, int number) {
  size_t begin = 0;
  for (int i = 0; i < number; ++i) {
    begin = line.find(' ', begin);
    if (begin == std::string::npos) return "";
    ++begin;
  }
  return line.substr(begin, line.find(' ', begin) - begin);
}

size_t number_in(const std::string& text) {
  size_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

std::string HttpText::header(std::string_view name) const {
  for (size_t at = head.find("\r\n"); at != std::string::npos; at = head.find("\r\n", at + 2)) {
    const std::string_view line = std::string_view(head).substr(at + 2);
    if (line.size() <= name.size() || line[name.size()] != ':') continue;
    if (strncasecmp(line.data(), name.data(), name.size()) != 0) continue;
    const size_t begin = line.find_first_not_of(' ', name.size() + 1);
    if (begin == std::string_view::npos) return "";
    return std::string(line.substr(begin, line.find("\r\n") - begin));
  }
  return "";
}

std::string HttpText::method() const {
  return word(first_line, 0);
}

std::string HttpText::target() const {
  return word(first_line, 1);
}

int HttpText::status() const {
  return static_cast<int>(number_in(word(first_line, 1)));
}

std::optional<HttpText> read_http_text(std::string& buffer, const std::function<bool()>& more,
                                       HttpBody body) {
  size_t end = 0;
  while ((end = buffer.find("\r\n\r\n")) == std::string::npos)
    if (!more()) return std::nullopt;
  HttpText message;
  message.head = buffer.substr(0, end + 2);
  message.first_line = message.head.substr(0, message.head.find("\r\n"));
  buffer.erase(0, end + 4);
  if (body == HttpBody::none) return message;
  const size_t length = number_in(message.header("Content-Length"));
  while (buffer.size() < length)
    if (!more()) return std::nullopt;
  message.body = buffer.substr(0, length);
  buffer.erase(0, length);
  return message;
}

}  // namespace selfheal
