#include "tests/fuzz/text_request.h"

#include <algorithm>

namespace selfheal::fuzz {
namespace {

constexpr std::string_view kBetween = "\n%%\n";

std::string lower(std::string_view text) {
  std::string low(text);
  for (char& c : low)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return low;
}

std::string_view take_until(std::string_view& text, std::string_view end) {
  const size_t at = text.find(end);
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + end.size());
  return taken;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// As the server hands a path over.
std::string decoded(std::string_view text) {
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool code = text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
                      hex_digit(text[i + 2]) >= 0;
    plain +=
        code ? static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])) : text[i];
    if (code) i += 2;
  }
  return plain.substr(0, plain.find('\0'));
}

}  // namespace

TextRequest::TextRequest(std::string_view text) {
  std::string_view line = take_until(text, "\n");
  method_ = take_until(line, " ");
  path_ = decoded(take_until(line, "?"));
  query_ = line.substr(0, line.find('\0'));
  while (!text.empty()) {
    std::string_view header = take_until(text, "\n");
    if (header.empty()) break;
    const std::string name = lower(take_until(header, ": "));
    headers_[name] = header.substr(0, header.find('\0'));
  }
  body_ = text;
}

std::string TextRequest::header(std::string_view name) const {
  const auto found = headers_.find(lower(name));
  return found == headers_.end() ? "" : found->second;
}

Result<std::string, BodyFault> TextRequest::read_body(size_t limit, Milliseconds) {
  if (body_.size() > limit) return BodyFault::too_large;
  body_read_ = true;
  return body_;
}

std::vector<TextRequest> requests_of(std::string_view text) {
  std::vector<TextRequest> requests;
  while (!text.empty() && requests.size() < kMostRequests)
    requests.emplace_back(take_until(text, kBetween));
  return requests;
}

}  // namespace selfheal::fuzz
