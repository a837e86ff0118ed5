#include "common/docker/stream_demultiplexer.h"

#include <gtest/gtest.h>

namespace selfheal {
namespace {

std::string frame(char stream, const std::string& text) {
  return std::string{stream, 0, 0, 0, 0, 0, 0, static_cast<char>(text.size())} + text;
}

std::string demultiplexed(const std::string& bytes, size_t piece) {
  StreamDemultiplexer demultiplexer;
  std::string output;
  for (size_t at = 0; at < bytes.size(); at += piece)
    demultiplexer.feed(std::string_view(bytes).substr(at, piece),
                       [&](std::string_view some) { output += some; });
  return output;
}

TEST(StreamDemultiplexer, PutsTheFramesOfBothStreamsTogether) {
  const std::string bytes = frame(1, "out ") + frame(2, "") + frame(2, "err ") + frame(1, "end");
  for (const size_t piece : {1, 2, 3, 7, 8, 9, 100})
    EXPECT_EQ(demultiplexed(bytes, piece), "out err end") << piece;
}

TEST(StreamDemultiplexer, WhatHasNoFramesIsPlain) {
  for (const size_t piece : {1, 3, 100}) {
    EXPECT_EQ(demultiplexed("just text, and more of it", piece), "just text, and more of it");
    EXPECT_EQ(demultiplexed(frame(1, "a") + "OCI runtime exec failed", piece),
              "aOCI runtime exec failed");
  }
}

TEST(StreamDemultiplexer, AnEndInTheMiddleOfAFrameLosesNothingThatCame) {
  EXPECT_EQ(demultiplexed(frame(1, "whole").substr(0, 10), 100), "wh");
  EXPECT_EQ(demultiplexed(frame(1, "whole").substr(0, 5), 100), "");
}

}  // namespace
}  // namespace selfheal
