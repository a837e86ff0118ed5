#include "exporter/modules/byte_size.h"

#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>

namespace selfheal {
namespace {

struct Unit {
  char prefix;
  double bytes;
};
constexpr std::array<Unit, 6> kUnits{{{'K', 1024.0},
                                      {'M', 1048576.0},
                                      {'G', 1073741824.0},
                                      {'T', 1099511627776.0},
                                      {'P', 1125899906842624.0},
                                      {'E', 1152921504606846976.0}}};

// Takes "MB", "MiB" or "B" off the front of `text`; 0 where there is no unit.
double take_unit(std::string_view& text) {
  double bytes = 1;
  for (const Unit& unit : kUnits) {
    const bool lower_kilo = unit.prefix == 'K' && text.starts_with('k');
    if (!text.starts_with(unit.prefix) && !lower_kilo) continue;
    bytes = unit.bytes;
    text.remove_prefix(1);
    if (text.starts_with('i')) text.remove_prefix(1);
    break;
  }
  if (!text.starts_with('B')) return 0;
  text.remove_prefix(1);
  return bytes;
}

}  // namespace

Result<uint64_t> parse_byte_size(std::string_view text) {
  const Error bad{"expected a size such as 10MB, not \"" + std::string(text) + "\""};
  constexpr double kMost = 9.2e18;
  double total = 0;
  if (text.empty()) return bad;
  for (std::string_view rest = text; !rest.empty();) {
    double number = 0;
    const auto [end, fault] =
        std::from_chars(rest.data(), rest.data() + rest.size(), number, std::chars_format::fixed);
    if (fault != std::errc{} || !(number >= 0) || rest.starts_with('-')) return bad;
    rest.remove_prefix(static_cast<size_t>(end - rest.data()));
    // A bare number is bytes.
    const double unit = rest.empty() && end == text.data() + text.size() ? 1 : take_unit(rest);
    if (unit == 0) return bad;
    total += number * unit;
    if (!(total < kMost)) return bad;
  }
  return static_cast<uint64_t>(total);
}

}  // namespace selfheal
