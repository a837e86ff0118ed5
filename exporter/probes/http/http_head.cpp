#include "exporter/probes/http/http_head.h"

#include <cstdlib>

#include "common/base/ascii_text.h"

namespace selfheal {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr size_t kMaxBytes = 256 << 10;  // libcurl's own limit is not much higher

// Of "HTTP/1.1 200 OK" or "HTTP/2 200".
int status_of(std::string_view line) {
  const size_t blank = line.find(' ');
  return blank == std::string_view::npos ? 0 : std::atoi(std::string(line.substr(blank)).c_str());
}

}  // namespace

bool same_header_name(std::string_view one, std::string_view other) {
  return same_ignoring_case(one, other);
}

std::vector<std::string_view> ResponseHead::values(std::string_view name) const {
  std::vector<std::string_view> found;
  for (const auto& [key, value] : headers)
    if (same_header_name(key, name)) found.push_back(value);
  return found;
}

std::string ResponseHead::first(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (same_header_name(key, name)) return value;
  return "";
}

HeadReader::Progress HeadReader::take(std::string_view line) {
  bytes_ += line.size();
  if (too_long()) return Progress::too_long;
  if (!complete_ && line.starts_with("HTTP/")) {  // also after a 1xx
    head_ = {};
    head_.status = status_of(line);
    return Progress::reading;
  }
  if (line == "\r\n" || line == "\n") {
    const bool interim = head_.status < 200 && head_.status != 101;  // after which there is more
    if (complete_ || interim) return Progress::reading;
    complete_ = true;
    return Progress::complete;
  }
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) return Progress::reading;
  (complete_ ? trailers_ : head_.headers)
      .emplace_back(trimmed(line.substr(0, colon), kBlanks),
                    trimmed(line.substr(colon + 1), kBlanks));
  return Progress::reading;
}

const ResponseHead& HeadReader::head() const {
  static const ResponseHead kNone;
  return complete_ ? head_ : kNone;
}

bool HeadReader::too_long() const {
  return bytes_ > kMaxBytes;
}

}  // namespace selfheal
