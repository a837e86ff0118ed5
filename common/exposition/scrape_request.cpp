#include "common/exposition/scrape_request.h"

#include <algorithm>
#include <charconv>

#include "common/base/ascii_text.h"

namespace selfheal {
namespace {

constexpr double kShortestTimeout_s = 1e-3;
constexpr double kLongestTimeout_s = 3600;

// Cuts off what stands before `separator` (or all), without blanks around it.
std::string_view take(std::string_view& rest, char separator) {
  const size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return trimmed(part);
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// One entry of Accept or Accept-Encoding: `text/plain;version=0.0.4;q=0.5`.
struct Choice {
  std::string_view name;
  std::string_view version;  // or empty
  double weight = 1;
};

Choice take_choice(std::string_view& header) {
  std::string_view entry = take(header, ',');
  Choice choice;
  choice.name = take(entry, ';');
  while (!entry.empty()) {
    std::string_view value = take(entry, ';');
    const std::string_view key = take(value, '=');
    value = trimmed(value);
    if (same_ignoring_case(key, "q")) choice.weight = number(value).value_or(0);
    if (same_ignoring_case(key, "version")) choice.version = value;
  }
  return choice;
}

}  // namespace

MetricsFormat wanted_format(std::string_view accept) {
  double openmetrics = 0, text = 0;
  while (!accept.empty()) {
    const Choice choice = take_choice(accept);
    const auto is = [&](std::string_view name, std::string_view version) {
      return same_ignoring_case(choice.name, name) &&
             (choice.version.empty() || choice.version == version);
    };
    if (is("application/openmetrics-text", "1.0.0"))
      openmetrics = std::max(openmetrics, choice.weight);
    if (is("text/plain", "0.0.4") || is("text/*", "") || is("*/*", ""))
      text = std::max(text, choice.weight);
  }
  return openmetrics > 0 && openmetrics >= text ? MetricsFormat::openmetrics : MetricsFormat::text;
}

const char* content_type(MetricsFormat format) {
  return format == MetricsFormat::openmetrics
             ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
             : "text/plain; version=0.0.4; charset=utf-8";
}

bool wants_gzip(std::string_view accept_encoding) {
  std::optional<double> gzip, any;
  double identity = 0;
  while (!accept_encoding.empty()) {
    const Choice choice = take_choice(accept_encoding);
    if (same_ignoring_case(choice.name, "gzip")) gzip = choice.weight;
    if (same_ignoring_case(choice.name, "*")) any = choice.weight;
    if (same_ignoring_case(choice.name, "identity")) identity = choice.weight;
  }
  const double weight = gzip.value_or(any.value_or(0));
  return weight > 0 && weight >= identity;
}

std::optional<std::chrono::nanoseconds> scrape_timeout(std::string_view header) {
  const auto seconds = number(trimmed(header));
  if (!seconds || !(*seconds > 0)) return std::nullopt;
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::duration<double>(std::clamp(*seconds, kShortestTimeout_s, kLongestTimeout_s)));
}

}  // namespace selfheal
