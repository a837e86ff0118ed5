#include "common/base/enum_names.h"

#include <gtest/gtest.h>

namespace selfheal {
namespace {

enum class Colour { red, green, none };
constexpr EnumNames<Colour, 2> kColours{{{Colour::red, "red"}, {Colour::green, "green"}}};

TEST(EnumNames, GoesBothWays) {
  EXPECT_EQ(name_of(kColours, Colour::green), "green");
  EXPECT_EQ(value_of(kColours, "green"), Colour::green);
}

TEST(EnumNames, KnowsNoMoreThanItsTable) {
  EXPECT_EQ(name_of(kColours, Colour::none), "");
  EXPECT_EQ(value_of(kColours, "Red"), std::nullopt);
}

TEST(EnumNames, ARowForEachInTheirOrder) {
  constexpr EnumNames<Colour, 2> kTurned{{{Colour::green, "green"}, {Colour::red, "red"}}};
  constexpr EnumNames<Colour, 2> kShort{{{Colour::red, "red"}}};
  EXPECT_TRUE(names_each(kColours, Colour::green));
  EXPECT_FALSE(names_each(kColours, Colour::none));
  EXPECT_FALSE(names_each(kTurned, Colour::green));
  EXPECT_FALSE(names_each(kShort, Colour::green));
}

}  // namespace
}  // namespace selfheal
