#include "common/base/result.h"

#include <memory>

#include <gtest/gtest.h>

namespace selfheal {
namespace {

TEST(Result, HoldsTheValue) {
  Result<std::string> result = std::string("fine");
  ASSERT_TRUE(result.ok());
  EXPECT_TRUE(static_cast<bool>(result));
  EXPECT_EQ(*result, "fine");
  EXPECT_EQ(result->size(), 4u);
  *result = "changed";
  EXPECT_EQ(result.value(), "changed");
}

TEST(Result, HoldsTheError) {
  const Result<int> result = Error{"no such file"};
  EXPECT_FALSE(result.ok());
  EXPECT_EQ(result.error().message, "no such file");
}

TEST(Result, MovesTheValueOut) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
  const std::unique_ptr<int> taken = *std::move(result);
  ASSERT_NE(taken, nullptr);
  EXPECT_EQ(*taken, 7);
}

TEST(Result, KeepsSidesOfTheSameShapeApart) {
  struct Fault {
    int code;
  };
  const Result<int, Fault> fine = 3;
  const Result<int, Fault> faulty = Fault{3};
  EXPECT_TRUE(fine.ok());
  EXPECT_FALSE(faulty.ok());
  EXPECT_EQ(faulty.error().code, 3);
}

TEST(Result, OutcomeSaysOnlyThatItWentWell) {
  const auto look = [](bool good) -> Outcome<> {
    if (good) return Done{};
    return Error{"bad"};
  };
  EXPECT_TRUE(look(true).ok());
  EXPECT_EQ(look(false).error().message, "bad");
}

TEST(ResultDeathTest, TheSideThatIsNotThereIsABrokenInvariant) {
  const Result<int> faulty = Error{"bad"};
  const Result<int> fine = 1;
  EXPECT_DEATH((void)*faulty, "");
  EXPECT_DEATH((void)fine.error(), "");
}

}  // namespace
}  // namespace selfheal
