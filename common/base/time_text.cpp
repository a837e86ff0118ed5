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

// Takes an instant apart from the left; what does not fit is remembered until the end.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  int digits(size_t count, int highest) {
    int number = 0;
    for (size_t i = 0; i < count; ++i) number = number * 10 + digit();
    if (number > highest) fits_ = false;
    return number;
  }

  char one_of(std::string_view allowed) {
    if (rest_.empty() || allowed.find(rest_.front()) == std::string_view::npos) {
      fits_ = false;
      return allowed.front();
    }
    const char taken = rest_.front();
    rest_.remove_prefix(1);
    return taken;
  }

  // ".123": any number of digits, of which nine count.
  std::chrono::nanoseconds fraction() {
    std::chrono::nanoseconds sum{0};
    if (rest_.empty() || rest_.front() != '.') return sum;
    rest_.remove_prefix(1);
    int64_t unit = 100'000'000;
    do {
      sum += std::chrono::nanoseconds(digit() * unit);
      unit /= 10;
    } while (!rest_.empty() && is_digit(rest_.front()));
    return sum;
  }

  // "Z", "+01:00".
  std::chrono::minutes offset() {
    const char sign = one_of("Zz+-");
    if (sign == 'Z' || sign == 'z') return std::chrono::minutes(0);
    std::chrono::minutes size = std::chrono::hours(digits(2, 23));
    one_of(":");
    size += std::chrono::minutes(digits(2, 59));
    return sign == '-' ? -size : size;
  }

  bool took_everything() const { return fits_ && rest_.empty(); }

 private:
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  int digit() {
    if (rest_.empty() || !is_digit(rest_.front())) {
      fits_ = false;
      return 0;
    }
    const int value = rest_.front() - '0';
    rest_.remove_prefix(1);
    return value;
  }

  std::string_view rest_;
  bool fits_ = true;
};

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
  Scanner scan(text);
  const std::chrono::year year(scan.digits(4, 9999));
  scan.one_of("-");
  const std::chrono::month month(static_cast<unsigned>(scan.digits(2, 12)));
  scan.one_of("-");
  const std::chrono::day day(static_cast<unsigned>(scan.digits(2, 31)));
  scan.one_of("Tt");
  std::chrono::seconds since_epoch = std::chrono::hours(scan.digits(2, 23));
  scan.one_of(":");
  since_epoch += std::chrono::minutes(scan.digits(2, 59));
  scan.one_of(":");
  since_epoch += std::chrono::seconds(scan.digits(2, 60));  // 60 is a leap second
  const std::chrono::nanoseconds fraction = scan.fraction();
  since_epoch -= scan.offset();
  const std::chrono::year_month_day date(year, month, day);
  if (!scan.took_everything() || !date.ok()) return std::nullopt;
  since_epoch += std::chrono::sys_days(date).time_since_epoch();
  // Nanoseconds in 64 bits end in 1677 and 2262; the year 1 is "never".
  constexpr std::chrono::hours kFarthest(24 * 365 * 292);
  if (std::chrono::abs(since_epoch) > kFarthest) return std::nullopt;
  return WallTime(std::chrono::duration_cast<WallTime::duration>(since_epoch + fraction));
}

std::string format_seconds(std::chrono::duration<double> duration, int decimals) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", decimals, duration.count());
  return text.data();
}

std::string format_rfc3339(WallTime time) {
  std::string text = format_rfc3339_nanos(time);
  text.erase(text.size() - 7, 6);  // the digits behind the third
  return text;
}

std::string format_rfc3339_nanos(WallTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch());
  const std::time_t whole = seconds.count();
  std::tm date{};
  gmtime_r(&whole, &date);
  std::array<char, 40> text{};
  const size_t used = strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &date);
  const std::chrono::nanoseconds fraction = time.time_since_epoch() - seconds;
  std::snprintf(text.data() + used, text.size() - used, ".%09dZ",
                static_cast<int>(fraction.count()));
  return text.data();
}

}  // namespace selfheal
