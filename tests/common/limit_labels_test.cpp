#include "common/docker/limit_labels.h"

#include <gtest/gtest.h>

namespace selfheal {
namespace {

TEST(LimitLabels, AreReadEachForItself) {
  const AskedLimits asked = asked_limits({{"selfheal.cooldown", "1m"},
                                          {"selfheal.start-grace", "500ms"},
                                          {"selfheal.budget-per-hour", "2"},
                                          {"selfheal.budget-per-day", "10"}});
  EXPECT_EQ(asked.cooldown, Milliseconds(60'000));
  EXPECT_EQ(asked.start_grace, Milliseconds(500));
  EXPECT_EQ(asked.budget_per_hour, 2);
  EXPECT_EQ(asked.budget_per_day, 10);
  const AskedLimits one = asked_limits({{"selfheal.budget-per-day", "10"}});
  EXPECT_FALSE(one.cooldown || one.start_grace || one.budget_per_hour);
  EXPECT_EQ(one.budget_per_day, 10);
}

TEST(LimitLabels, WhatCantBeReadAsksForNothingAndIsAFault) {
  for (const std::string_view label : kLimitLabels) {
    const bool duration = label == "selfheal.cooldown" || label == "selfheal.start-grace";
    for (const char* text : {"soon", "30x", "-1", duration ? "30" : "0"}) {
      const Labels labels{{std::string(label), text}};
      const AskedLimits asked = asked_limits(labels);
      EXPECT_FALSE(asked.cooldown || asked.start_grace || asked.budget_per_hour ||
                   asked.budget_per_day)
          << label << "=" << text;
      EXPECT_EQ(fault_of_limit(labels, label),
                duration ? "expected a duration such as 30s" : "expected a number from 1")
          << text;
    }
    EXPECT_EQ(fault_of_limit({}, label), "");
    EXPECT_EQ(fault_of_limit({{std::string(label), ""}}, label), "") << "empty is not said";
    EXPECT_EQ(fault_of_limit({{std::string(label), duration ? "30s" : "1"}}, label), "");
  }
}

}  // namespace
}  // namespace selfheal
