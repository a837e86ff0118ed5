#include "common/base/utf8.h"

#include <cstdint>

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

}  // namespace

bool is_utf8(std::string_view bytes) {
  for (size_t at = 0; at < bytes.size();) {
    const Sequence sequence = sequence_of(static_cast<unsigned char>(bytes[at]));
    if (sequence.length == 0 || bytes.size() - at < sequence.length) return false;
    uint32_t point = sequence.first_bits;
    for (size_t i = 1; i < sequence.length; ++i) {
      const auto next = static_cast<unsigned char>(bytes[at + i]);
      if ((next & 0xc0U) != 0x80) return false;
      point = point << 6 | (next & 0x3fU);
    }
    if (point < sequence.lowest || point > 0x10ffff || (point >= 0xd800 && point < 0xe000))
      return false;
    at += sequence.length;
  }
  return true;
}

}  // namespace selfheal
