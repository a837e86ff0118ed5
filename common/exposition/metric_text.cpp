#include "common/exposition/metric_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

namespace selfheal {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
// Below this every whole number is a double of its own, and has no more digits than a reader likes.
constexpr double kLargestWhole = 1e15;

char* put_text(char* out, std::string_view text) {
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

uint8_t byte_at(std::string_view text, size_t i) {
  return i < text.size() ? static_cast<uint8_t>(text[i]) : 0;
}

bool continues(uint8_t byte) {
  return (byte & 0xC0) == 0x80;
}

// Length of the UTF-8 character that `text` has at `i`, 0 when it is none: neither overlong, nor a
// surrogate, nor beyond Unicode's end.
size_t utf8_length(std::string_view text, size_t i) {
  const uint8_t first = byte_at(text, i);
  const uint8_t second = byte_at(text, i + 1);
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4 || !continues(second)) return 0;
  if (first < 0xE0) return 2;
  if (!continues(byte_at(text, i + 2))) return 0;
  if (first < 0xF0) {
    const bool overlong = first == 0xE0 && second < 0xA0;
    const bool surrogate = first == 0xED && second >= 0xA0;
    return overlong || surrogate ? 0 : 3;
  }
  const bool overlong = first == 0xF0 && second < 0x90;
  const bool beyond = first == 0xF4 && second >= 0x90;
  return overlong || beyond || !continues(byte_at(text, i + 3)) ? 0 : 4;
}

void append_escaped(std::string& out, std::string_view text, HelpQuotes quotes) {
  for (size_t i = 0; i < text.size();) {
    const size_t length = utf8_length(text, i);
    const char c = text[i];
    if (length == 0) {
      out += kReplacement;
    } else if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '"' && quotes == HelpQuotes::escaped) {
      out += "\\\"";
    } else {
      out.append(text.substr(i, length));
    }
    i += length == 0 ? 1 : length;
  }
}

}  // namespace

char* put_number(char* out, uint64_t value) {
  return std::to_chars(out, out + kNumberLength, value).ptr;
}

char* put_number(char* out, double value) {
  if (std::isnan(value)) return put_text(out, "NaN");
  if (std::isinf(value)) return put_text(out, value > 0 ? "+Inf" : "-Inf");
  if (std::abs(value) < kLargestWhole && value == std::trunc(value))
    return std::to_chars(out, out + kNumberLength, static_cast<int64_t>(value)).ptr;
  return std::to_chars(out, out + kNumberLength, value).ptr;
}

void append_label(std::string& block, std::string_view name, std::string_view value) {
  if (!block.empty()) block += ',';
  block.append(name).append("=\"");
  append_escaped(block, value, HelpQuotes::escaped);
  block += '"';
}

bool is_label_name(std::string_view name) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !name.empty() && letter(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

std::string label_block(std::initializer_list<LabelView> labels) {
  std::string block;
  for (const auto& [name, value] : labels) append_label(block, name, value);
  return block;
}

std::string escaped_help(std::string_view text, HelpQuotes quotes) {
  std::string out;
  append_escaped(out, text, quotes);
  return out;
}

}  // namespace selfheal
