#include "common/docker/log_collector.h"

#include <gtest/gtest.h>

namespace selfheal {
namespace {

std::string frame(char stream, const std::string& text) {
  return std::string{stream, 0, 0, 0, 0, 0, 0, static_cast<char>(text.size())} + text;
}

LogText collected(const LogTail& tail, const std::string& bytes, size_t piece) {
  LogCollector collector(tail);
  for (size_t at = 0; at < bytes.size(); at += piece)
    collector.feed(std::string_view(bytes).substr(at, piece));
  return std::move(collector).taken();
}

TEST(LogCollector, BothStreamsAreOneTextWithoutFrames) {
  const std::string bytes = frame(1, "out\n") + frame(2, "err\n") + frame(1, "more\n");
  for (const size_t piece : {1u, 3u, 1000u}) {
    const LogText log = collected({}, bytes, piece);
    EXPECT_EQ(log.text, "out\nerr\nmore\n");
    EXPECT_FALSE(log.cut);
  }
}

TEST(LogCollector, ATerminalsOutputIsTakenAsItIs) {
  LogTail tail;
  tail.from_terminal = true;
  EXPECT_EQ(collected(tail, frame(1, "looks so"), 3).text, frame(1, "looks so"));
}

TEST(LogCollector, KeepsTheEnd) {
  LogTail tail;
  tail.max_bytes = 10;
  tail.from_terminal = true;
  for (const size_t piece : {1u, 7u, 1000u}) {
    EXPECT_EQ(collected(tail, "0123456789", piece).text, "0123456789");
    EXPECT_FALSE(collected(tail, "0123456789", piece).cut);
    const LogText log = collected(tail, std::string(100, 'x') + "\n23456789a", piece);
    EXPECT_EQ(log.text, "\n23456789a");
    EXPECT_TRUE(log.cut);
  }
}

TEST(LogCollector, CutsThroughNoCharacter) {
  LogTail tail;
  tail.max_bytes = 5;
  tail.from_terminal = true;
  EXPECT_EQ(collected(tail, "aaaa\u20ac123", 1000).text, "123") << "its beginning would be lost";
  EXPECT_EQ(collected(tail, "aaaa\u20ac12", 1000).text, "\u20ac12");
  EXPECT_EQ(collected(tail, std::string(9, '\x80'), 1000).text, "\x80\x80") << "no text at all";
}

}  // namespace
}  // namespace selfheal
