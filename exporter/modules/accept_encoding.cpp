#include "exporter/modules/accept_encoding.h"

#include <algorithm>
#include <charconv>

#include "common/base/ascii_text.h"

namespace selfheal {
namespace {

// "gzip;q=0.5": what can't be read weighs nothing. A thousandth is the finest there is.
double weight_of(std::string_view entry) {
  const size_t semicolon = entry.rfind(';');
  if (semicolon == std::string_view::npos) return 1;
  std::string_view text = trimmed(entry.substr(semicolon + 1));
  if (text.starts_with("q=")) text.remove_prefix(2);
  double weight = 0;
  const auto [stop, fault] = std::from_chars(text.data(), text.data() + text.size(), weight);
  if (fault != std::errc{} || stop != text.data() + text.size() || weight < 0.0005) return 0;
  return weight;
}

}  // namespace

bool accepts_encoding(std::string_view accept_encoding, std::string_view encoding) {
  if (encoding.empty() || accept_encoding.empty()) return true;
  double best = 0;
  while (!accept_encoding.empty()) {
    const size_t comma = std::min(accept_encoding.find(','), accept_encoding.size());
    const std::string_view entry = accept_encoding.substr(0, comma);
    const std::string_view name = trimmed(entry.substr(0, entry.rfind(';')));
    if (name == encoding || name == "*") best = std::max(best, weight_of(entry));
    accept_encoding.remove_prefix(std::min(comma + 1, accept_encoding.size()));
  }
  return best > 0;
}

}  // namespace selfheal
