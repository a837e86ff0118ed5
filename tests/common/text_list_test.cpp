#include "common/base/text_list.h"

#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace selfheal {
namespace {

TEST(TextList, IsJoinedBetweenAndNotAround) {
  EXPECT_EQ(joined(std::vector<std::string>{}), "");
  EXPECT_EQ(joined(std::vector<std::string>{"web"}), "web");
  EXPECT_EQ(joined(std::vector<std::string>{"web", "db", "mail"}), "web, db, mail");
  EXPECT_EQ(joined(std::set<std::string_view>{"b", "a"}, ":"), "a:b");
}

TEST(TextList, WhatIsEmptyHasItsPlace) {
  EXPECT_EQ(joined(std::vector<std::string>{"", "db", ""}), ", db, ");
}

TEST(TextList, AQuotedTextIsAsItIs) {
  EXPECT_EQ(in_quotes("web"), "\"web\"");
  EXPECT_EQ(in_quotes(""), "\"\"");
  EXPECT_EQ(in_quotes("a\"b"), "\"a\"b\"");
}

}  // namespace
}  // namespace selfheal
