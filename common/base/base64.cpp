#include "common/base/base64.h"

#include <algorithm>
#include <cstdint>

namespace selfheal {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

}  // namespace

std::optional<std::string> decode_base64(std::string_view text) {
  std::string bytes;
  uint32_t bits = 0;
  size_t count = 0;
  size_t padding = 0;
  for (const char c : text) {
    if (is_space(c)) continue;
    const size_t value = c == '=' ? 0 : kAlphabet.find(c);
    if (value == std::string_view::npos || (padding > 0 && c != '=')) return std::nullopt;
    if (c == '=') ++padding;
    bits = bits << 6 | static_cast<uint32_t>(value);
    if (++count % 4 != 0) continue;
    if (padding > 2) return std::nullopt;
    for (size_t i = 0; i < 3 - padding; ++i)
      bytes += static_cast<char>(bits >> (16 - 8 * i) & 0xffU);
    bits = 0;
    if (padding > 0) padding = 3;  // nothing may follow
  }
  if (count % 4 != 0) return std::nullopt;
  return bytes;
}

std::string encode_base64(std::string_view bytes) {
  std::string text;
  for (size_t at = 0; at < bytes.size(); at += 3) {
    const size_t left = std::min<size_t>(3, bytes.size() - at);
    uint32_t bits = 0;
    for (size_t i = 0; i < left; ++i)
      bits |= static_cast<uint32_t>(static_cast<unsigned char>(bytes[at + i])) << (16 - 8 * i);
    for (size_t i = 0; i < 4; ++i)
      text += i <= left ? kAlphabet[bits >> (18 - 6 * i) & 0x3fU] : '=';
  }
  return text;
}

}  // namespace selfheal
