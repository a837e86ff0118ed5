#include "common/docker/log_collector.h"

namespace selfheal {

void LogCollector::feed(std::string_view piece) {
  // A terminal's output has no frames, and may look like one.
  if (tail_.from_terminal) return add(piece);
  demultiplexer_.feed(piece, [this](std::string_view output) { add(output); });
}

void LogCollector::add(std::string_view output) {
  log_.text += output;
  // Not with each piece: that would move the bytes again and again.
  if (log_.text.size() > 2 * tail_.max_bytes) keep_the_end(tail_.max_bytes);
}

void LogCollector::keep_the_end(size_t bytes) {
  if (log_.text.size() <= bytes) return;
  size_t begin = log_.text.size() - bytes;
  const auto within_character = [this](size_t at) {
    return at < log_.text.size() && (static_cast<unsigned char>(log_.text[at]) & 0xc0U) == 0x80;
  };
  for (int i = 0; i < 3 && within_character(begin); ++i) ++begin;
  log_.text.erase(0, begin);
  log_.cut = true;
}

LogText LogCollector::taken() && {
  keep_the_end(tail_.max_bytes);
  return std::move(log_);
}

}  // namespace selfheal
