#include "common/base/base64.h"

#include <gtest/gtest.h>

namespace selfheal {
namespace {

TEST(Base64, OfEveryLength) {
  for (const auto& [bytes, text] : std::vector<std::pair<std::string, std::string>>{
           {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}}) {
    EXPECT_EQ(encode_base64(bytes), text);
    EXPECT_EQ(decode_base64(text), bytes);
  }
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  EXPECT_EQ(decode_base64(encode_base64(all)), all);
}

TEST(Base64, LineBreaksAreSkipped) {
  EXPECT_EQ(decode_base64("Zm\n  9v\r\n"), "foo");
}

TEST(Base64, WhatIsNoneIsRefused) {
  for (const char* text : {"Zg", "Zg=", "Zg==Zg==", "Z===", "====", "Zm9*", "Zg=a", "\xc3\xa4zzz"})
    EXPECT_FALSE(decode_base64(text)) << text;
}

}  // namespace
}  // namespace selfheal
