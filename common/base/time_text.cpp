#include "common/base/time_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <ctime>

namespace selfheal {
namespace {

struct Unit {
  std::string_view name;
  double milliseconds;
};

// Longest names first where one is the beginning of another ("ms" before "m").
constexpr std::array<Unit, 6> kUnits{
    {{"ms", 1}, {"s", 1e3}, {"m", 6e4}, {"h", 3.6e6}, {"d", 8.64e7}, {"w", 6.048e8}}};

constexpr double kLongestMs = 8.64e7 * 3650;  // ten years; past it a typo is likelier than a wish

Error bad_duration(std::string_view text, std::string_view why) {
  return Error{"\"" + std::string(text) + "\" is not a duration (" + std::string(why) +
               "); expected something like 15s, 500ms or 1m30s"};
}

}  // namespace

Result<Milliseconds> parse_duration(std::string_view text) {
  if (text == "0") return Milliseconds(0);
  if (text.empty()) return bad_duration(text, "it is empty");
  double total = 0;
  std::string_view rest = text;
  while (!rest.empty()) {
    double number = 0;
    const auto [end, fault] =
        std::from_chars(rest.data(), rest.data() + rest.size(), number, std::chars_format::fixed);
    if (fault != std::errc{} || number < 0 || rest.front() == '-')
      return bad_duration(text, "a number is missing");
    rest.remove_prefix(static_cast<size_t>(end - rest.data()));
    const Unit* unit = nullptr;
    for (const Unit& candidate : kUnits) {
      if (rest.substr(0, candidate.name.size()) == candidate.name) {
        unit = &candidate;
        break;
      }
    }
    if (unit == nullptr) return bad_duration(text, "a unit is missing");
    rest.remove_prefix(unit->name.size());
    total += number * unit->milliseconds;
    if (!(total <= kLongestMs)) return bad_duration(text, "it is longer than ten years");
  }
  return Milliseconds(std::llround(total));
}

std::string format_duration(Milliseconds duration) {
  int64_t left = duration.count();
  if (left == 0) return "0s";
  std::string text = left < 0 ? "-" : "";
  left = std::abs(left);
  constexpr std::array<std::pair<int64_t, const char*>, 5> kSteps{
      {{86'400'000, "d"}, {3'600'000, "h"}, {60'000, "m"}, {1000, "s"}, {1, "ms"}}};
  for (const auto& [size, name] : kSteps) {
    if (left >= size) text += std::to_string(left / size) + name;
    left %= size;
  }
  return text;
}

std::optional<WallTime> parse_rfc3339(std::string_view text) {
  std::tm date{};
  const std::string copy(text);
  const char* rest = strptime(copy.c_str(), "%Y-%m-%dT%H:%M:%S", &date);
  if (rest == nullptr || date.tm_year <= 1 - 1900) return std::nullopt;
  std::chrono::nanoseconds fraction{0};
  if (*rest == '.') {
    int64_t unit = 100'000'000;
    for (++rest; *rest >= '0' && *rest <= '9'; ++rest, unit /= 10)
      fraction += std::chrono::nanoseconds((*rest - '0') * unit);
  }
  int offset_minutes = 0;
  if (*rest == '+' || *rest == '-') {
    int hours = 0, minutes = 0;
    if (std::sscanf(rest + 1, "%2d:%2d", &hours, &minutes) != 2) return std::nullopt;
    offset_minutes = (*rest == '-' ? -1 : 1) * (hours * 60 + minutes);
  } else if (*rest != 'Z' && *rest != 'z') {
    return std::nullopt;
  }
  const auto seconds = std::chrono::seconds(timegm(&date)) - std::chrono::minutes(offset_minutes);
  return WallTime(std::chrono::duration_cast<WallTime::duration>(seconds + fraction));
}

std::string format_rfc3339(WallTime time) {
  const auto since_epoch = std::chrono::floor<Milliseconds>(time.time_since_epoch());
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since_epoch);
  const std::time_t whole = seconds.count();
  std::tm date{};
  gmtime_r(&whole, &date);
  std::array<char, 40> text{};
  const size_t used = strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &date);
  std::snprintf(text.data() + used, text.size() - used, ".%03dZ",
                static_cast<int>((since_epoch - seconds).count()));
  return text.data();
}

}  // namespace selfheal
