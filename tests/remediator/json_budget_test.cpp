#include "remediator/act/json_budget.h"

#include <gtest/gtest.h>

namespace selfheal {
namespace {

using Json = nlohmann::ordered_json;

std::string all_characters() {
  std::string text;
  for (int c = 0; c < 128; ++c) text += static_cast<char>(c);
  return text + "\u00e9\u20ac\U0001f600";
}

TEST(JsonSize, IsWhatTheJsonTakes) {
  const std::string text = all_characters();
  for (const char c : std::string(text.substr(0, 128)))
    EXPECT_EQ(json_size(std::string(1, c)), Json(std::string(1, c)).dump().size() - 2) << int{c};
  EXPECT_EQ(json_size(text), Json(text).dump().size() - 2);
}

TEST(Within, CutsBetweenCharacters) {
  const std::string text = "a\u20ac\nz";  // takes 1, 3, 2, 1
  EXPECT_EQ(beginning_within(text, 7), text);
  EXPECT_EQ(beginning_within(text, 6), "a\u20ac\n");
  EXPECT_EQ(beginning_within(text, 5), "a\u20ac");
  EXPECT_EQ(beginning_within(text, 3), "a");
  EXPECT_EQ(beginning_within(text, 0), "");
  EXPECT_EQ(end_within(text, 7), text);
  EXPECT_EQ(end_within(text, 6), "\u20ac\nz");
  EXPECT_EQ(end_within(text, 5), "\nz");
  EXPECT_EQ(end_within(text, 2), "z");
  EXPECT_EQ(end_within(text, 0), "");
}

TEST(JsonBudget, TakesNothingMoreAfterWhatDidNotFit) {
  JsonBudget budget(12);
  EXPECT_TRUE(budget.take("abc"));  // "abc",
  EXPECT_EQ(budget.left(), 6u);
  EXPECT_FALSE(budget.take("abcd"));
  EXPECT_FALSE(budget.take("")) << "there would be a hole";
}

TEST(JsonBudget, AnObjectsItemsHaveNames) {
  JsonBudget budget(9);
  EXPECT_TRUE(budget.take(7, "name"));  // "name":7,
  EXPECT_EQ(budget.left(), 0u);
}

}  // namespace
}  // namespace selfheal
