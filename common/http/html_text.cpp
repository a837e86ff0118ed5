#include "common/http/html_text.h"

#include <array>
#include <cmath>
#include <cstdio>

#include "common/base/time_text.h"
#include "common/base/utf8.h"

namespace selfheal {
namespace {

constexpr const char* kReplacement = "\xEF\xBF\xBD";

// How many bytes the character takes that begins with `first`, if it is one.
size_t announced_length(unsigned char first) {
  if (first < 0xC0) return 1;
  return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

const char* entity_of(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return nullptr;
  }
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7F;
}

// Of several bytes: the C1 controls, and what reorders the text around it or can't be seen, by
// which a name could look like another one (U+202E and its like).
bool deceives(std::string_view character) {
  if (character.size() == 2) {
    const auto second = static_cast<unsigned char>(character[1]);
    return (character[0] == '\xC2' && second < 0xA0) || character == "\xD8\x9C";
  }
  if (character.size() != 3 || character[0] != '\xE2') return character == "\xEF\xBB\xBF";
  const auto second = static_cast<unsigned char>(character[1]);
  const auto third = static_cast<unsigned char>(character[2]);
  if (second == 0x80) return (third >= 0x8B && third <= 0x8F) || (third >= 0xA8 && third <= 0xAE);
  return second == 0x81 && third >= 0xA0 && third <= 0xAF;
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string safe;
  safe.reserve(text.size());
  while (!text.empty()) {
    const std::string_view one =
        text.substr(0, announced_length(static_cast<unsigned char>(text[0])));
    if (const char* entity = entity_of(one[0]); entity != nullptr) {
      safe += entity;
      text.remove_prefix(1);
    } else if (is_utf8(one) && !is_control(one[0]) && !deceives(one)) {
      safe += one;
      text.remove_prefix(one.size());
    } else {
      safe += kReplacement;
      text.remove_prefix(is_utf8(one) ? one.size() : 1);
    }
  }
  return safe;
}

std::string encode_query(std::string_view text) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (kPlain.find(c) != std::string_view::npos)
      encoded += c;
    else
      encoded += {'%', kHex[byte / 16], kHex[byte % 16]};
  }
  return encoded;
}

std::string glance(std::chrono::duration<double> length) {
  struct Unit {
    double seconds;
    double until;  // seconds: from there on the next one
    const char* name;
  };
  constexpr std::array<Unit, 6> kUnits{{{1e-6, 0.9995e-3, "µs"},
                                        {1e-3, 0.9995, "ms"},
                                        {1, 59.5, "s"},
                                        {60, 3570, "min"},
                                        {3600, 84'600, "h"},
                                        {86'400, 1e18, "d"}}};
  const double seconds = length.count() > 0 ? length.count() : 0;
  size_t at = 0;
  while (at + 1 < kUnits.size() && seconds >= kUnits[at].until) ++at;
  if (seconds == 0) at = 2;
  const double amount = seconds / kUnits[at].seconds;
  const bool tenths = at == 2 && amount < 9.95 && amount != std::floor(amount);
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), tenths ? "%.1f %s" : "%.0f %s", amount, kUnits[at].name);
  return text.data();
}

std::string html_time(WallTime instant, WallTime now) {
  const std::string exact = format_rfc3339(instant);
  const auto apart =
      std::chrono::abs(std::chrono::duration_cast<std::chrono::seconds>(now - instant));
  return "<time datetime=\"" + exact + "\" title=\"" + exact + "\">" + glance(apart) + "</time>";
}

}  // namespace selfheal
