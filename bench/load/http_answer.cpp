#include "bench/load/http_answer.h"

#include <charconv>
#include <string_view>

namespace selfheal::bench {
namespace {

size_t number_at(std::string_view text, size_t at) {
  size_t number = 0;
  if (at < text.size()) std::from_chars(text.data() + at, text.data() + text.size(), number);
  return number;
}

}  // namespace

std::optional<HttpAnswer> take_answer(std::string& buffer) {
  constexpr std::string_view kLength = "\r\nContent-Length: ";
  constexpr size_t kStatusAt = 9;  // behind "HTTP/1.1 "
  const size_t end = buffer.find("\r\n\r\n");
  if (end == std::string::npos) return std::nullopt;
  const std::string_view head = std::string_view(buffer).substr(0, end + 2);
  const size_t length_at = head.find(kLength);
  const size_t length =
      length_at == std::string_view::npos ? 0 : number_at(head, length_at + kLength.size());
  if (buffer.size() < end + 4 + length) return std::nullopt;
  HttpAnswer answer;
  answer.status = static_cast<int>(number_at(head, kStatusAt));
  answer.closes = head.find("\r\nConnection: close\r\n") != std::string_view::npos;
  answer.body = buffer.substr(end + 4, length);
  buffer.erase(0, end + 4 + length);
  return answer;
}

}  // namespace selfheal::bench
