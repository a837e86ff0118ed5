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

}  // namespace
}  // namespace selfheal
