#include "common/docker/stream_demultiplexer.h"

#include <algorithm>

namespace selfheal {
namespace {

constexpr size_t kHeader = 8;

// As far as it is there; at least a byte.
bool may_be_header(std::string_view bytes) {
  const std::string_view zeros = bytes.substr(1, 3);
  return bytes[0] >= 0 && bytes[0] <= 2 && zeros == std::string_view("\0\0\0", zeros.size());
}

uint64_t length_in(std::string_view header) {
  uint64_t length = 0;
  for (const char c : header.substr(4)) length = length << 8 | static_cast<unsigned char>(c);
  return length;
}

}  // namespace

void StreamDemultiplexer::feed(std::string_view piece,
                               const std::function<void(std::string_view)>& on_output) {
  while (!piece.empty()) {
    if (plain_) return on_output(piece);
    if (left_ == 0) {
      const size_t wanted = std::min(kHeader - header_.size(), piece.size());
      header_ += piece.substr(0, wanted);
      piece.remove_prefix(wanted);
      plain_ = !may_be_header(header_);
      if (plain_) on_output(header_);
      if (plain_ || header_.size() < kHeader) continue;
      left_ = length_in(header_);
      header_.clear();
    }
    const size_t length = std::min<uint64_t>(left_, piece.size());
    if (length > 0) on_output(piece.substr(0, length));
    piece.remove_prefix(length);
    left_ -= length;
  }
}

}  // namespace selfheal
