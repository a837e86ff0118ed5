#include "exporter/discovery/signal_name.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>

#include "common/base/ascii_text.h"

namespace selfheal {
namespace {

// The first and last of the real-time signals by the kernel's numbers, which Docker goes by; for
// libc some are its own.
constexpr int kFirstRealTime = 34;
constexpr int kLastRealTime = 64;

bool is_real_time(int number) {
  return number >= kFirstRealTime && number <= kLastRealTime;
}

std::string real_time_name(int number) {
  return "RTMIN+" + std::to_string(number - kFirstRealTime);
}

std::optional<int> number_in(std::string_view text) {
  int number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::string signal_name(std::string_view text) {
  if (const auto number = number_in(text)) {
    if (is_real_time(*number)) return real_time_name(*number);
    const char* const name = sigabbrev_np(*number);
    return name != nullptr ? name : std::string(text);
  }
  std::string name(text);
  std::transform(name.begin(), name.end(), name.begin(), ascii_upper);
  if (name.starts_with("SIG")) name.erase(0, 3);
  if (name == "RTMIN") return real_time_name(kFirstRealTime);
  if (name == "RTMAX") return real_time_name(kLastRealTime);
  constexpr std::string_view kFromLast = "RTMAX-";
  if (!name.starts_with(kFromLast)) return name;
  const auto down = number_in(std::string_view(name).substr(kFromLast.size()));
  const bool exists = down && *down >= 0 && *down <= kLastRealTime - kFirstRealTime;
  return exists ? real_time_name(kLastRealTime - *down) : name;
}

}  // namespace selfheal
