#include "common/base/utf8.h"

#include <gtest/gtest.h>

namespace selfheal {
namespace {

TEST(Utf8, TakesWhatIsWellFormed) {
  for (const char* text : {"", "a", "\x7f", "\u00e4", "\u20ac", "\xed\x9f\xbf", "\U0010ffff"})
    EXPECT_TRUE(is_utf8(text)) << text;
}

TEST(Utf8, RefusesTheRest) {
  for (const char* text : {"\x80", "\xc3", "\xc3x", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80",
                           "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xff", "a\xe2\x82"})
    EXPECT_FALSE(is_utf8(text));
}

TEST(Utf8, WhatIsFarFromTheBeginningCountsToo) {
  const std::string ascii(100, 'x');
  for (size_t length = 0; length < 20; ++length) {
    EXPECT_TRUE(is_utf8(ascii.substr(0, length) + "\u20ac" + ascii)) << length;
    EXPECT_FALSE(is_utf8(ascii.substr(0, length) + "\xe4" + ascii)) << length;
    EXPECT_FALSE(is_utf8(ascii + ascii.substr(0, length) + "\xe2\x82")) << length;
  }
}

TEST(Utf8, EachByteThatIsNoTextIsReplaced) {
  EXPECT_EQ(made_utf8(""), "");
  EXPECT_EQ(made_utf8("caf\u00e9"), "caf\u00e9");
  EXPECT_EQ(made_utf8("caf\xe9 au lait"), "caf\ufffd au lait");
  EXPECT_EQ(made_utf8("\xff\u20ac\xe2\x82"), "\ufffd\u20ac\ufffd\ufffd");
}

}  // namespace
}  // namespace selfheal
