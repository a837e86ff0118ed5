#include "common/base/utf8.h"

#include <cstdint>
#include <cstring>

namespace selfheal {
namespace {

// How many bytes the sequence that begins `bytes` has, and the lowest code point that needs as
// many; 0 where no sequence begins so.
struct Sequence {
  size_t length;
  uint32_t lowest;
  uint32_t first_bits;
};

Sequence sequence_of(unsigned char first) {
  if (first < 0x80) return {1, 0, first};
  if (first >= 0xc0 && first < 0xe0) return {2, 0x80, first & 0x1fU};
  if (first >= 0xe0 && first < 0xf0) return {3, 0x800, first & 0x0fU};
  if (first >= 0xf0 && first < 0xf8) return {4, 0x10000, first & 0x07U};
  return {0, 0, 0};
}

// How many of the first bytes are ASCII, in steps of eight: most texts are, and can be long.
size_t ascii_size(std::string_view bytes) {
  size_t size = 0;
  for (uint64_t eight = 0; bytes.size() - size >= sizeof(eight); size += sizeof(eight)) {
    std::memcpy(&eight, bytes.data() + size, sizeof(eight));
    if ((eight & 0x8080808080808080U) != 0) break;
  }
  return size;
}

}  // namespace

size_t utf8_character_size(std::string_view bytes) {
  if (bytes.empty()) return 0;
  const Sequence sequence = sequence_of(static_cast<unsigned char>(bytes[0]));
  if (sequence.length == 0 || bytes.size() < sequence.length) return 0;
  uint32_t point = sequence.first_bits;
  for (size_t i = 1; i < sequence.length; ++i) {
    const auto next = static_cast<unsigned char>(bytes[i]);
    if ((next & 0xc0U) != 0x80) return 0;
    point = point << 6 | (next & 0x3fU);
  }
  const bool surrogate = point >= 0xd800 && point < 0xe000;
  return point < sequence.lowest || point > 0x10ffff || surrogate ? 0 : sequence.length;
}

bool is_utf8(std::string_view bytes) {
  while (!bytes.empty()) {
    bytes.remove_prefix(ascii_size(bytes));
    if (bytes.empty()) break;
    const size_t size = utf8_character_size(bytes);
    if (size == 0) return false;
    bytes.remove_prefix(size);
  }
  return true;
}

std::string made_utf8(std::string_view bytes) {
  std::string text;
  while (!bytes.empty()) {
    const size_t size = utf8_character_size(bytes);
    text += size > 0 ? bytes.substr(0, size) : kUtf8Replacement;
    bytes.remove_prefix(size > 0 ? size : 1);
  }
  return text;
}

}  // namespace selfheal
