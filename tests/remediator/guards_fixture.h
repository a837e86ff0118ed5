// One guard at a time, asked about facts that nothing objects to but for what a test changes.
#pragma once

#include <string>

#include <gtest/gtest.h>

#include "remediator/decision/guards.h"
#include "tests/remediator/samples.h"

namespace selfheal {

class GuardsTest : public testing::Test {
 protected:
  void label(const std::string& name, const std::string& value) {
    facts_.inspected->labels[name] = value;
  }
  void expect_wait(Guard guard, Reason reason, WallTime until) {
    const Objection objection = guard(facts_, settings_);
    ASSERT_TRUE(objection.has_value());
    EXPECT_EQ(objection->verdict, Verdict::wait);
    EXPECT_EQ(to_string(objection->reason), to_string(reason));
    EXPECT_EQ(objection->until, until);
    detail_ = objection->detail;
    EXPECT_FALSE(detail_.empty());
  }
  void expect_refusal(Guard guard, Reason reason) {
    const Objection objection = guard(facts_, settings_);
    ASSERT_TRUE(objection.has_value());
    EXPECT_EQ(objection->verdict, Verdict::refuse);
    EXPECT_EQ(to_string(objection->reason), to_string(reason));
    EXPECT_EQ(objection->until, kNow + std::chrono::seconds(30));
    detail_ = objection->detail;
    EXPECT_FALSE(detail_.empty());
  }
  void expect_nothing(Guard guard) { EXPECT_FALSE(guard(facts_, settings_).has_value()); }

  Facts facts_ = good_facts();
  GuardSettings settings_;
  std::string detail_;
};

}  // namespace selfheal
