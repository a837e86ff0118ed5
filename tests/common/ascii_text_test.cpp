#include "common/base/ascii_text.h"

#include <gtest/gtest.h>

namespace selfheal {
namespace {

TEST(AsciiText, BlanksAtTheEndsAreTrimmed) {
  EXPECT_EQ(trimmed(" \t a b\t"), "a b");
  EXPECT_EQ(trimmed("a"), "a");
  EXPECT_EQ(trimmed(" \t"), "");
  EXPECT_EQ(trimmed(""), "");
  EXPECT_EQ(trimmed("a\r\n"), "a\r\n");
  EXPECT_EQ(trimmed("\r\n a\r\n", " \t\r\n"), "a");
}

TEST(AsciiText, OnlyTheCaseOfAsciiLettersIsIgnored) {
  EXPECT_TRUE(same_ignoring_case("Content-LENGTH", "content-length"));
  EXPECT_TRUE(same_ignoring_case("", ""));
  EXPECT_FALSE(same_ignoring_case("a", "ab"));
  EXPECT_FALSE(same_ignoring_case("[", "{"));
  EXPECT_FALSE(same_ignoring_case("@", "`"));
  EXPECT_FALSE(same_ignoring_case("\xc4", "\xe4")) << "a Latin-1 letter is a byte like any other";
  EXPECT_TRUE(same_ignoring_case("\xff", "\xff"));
}

}  // namespace
}  // namespace selfheal
