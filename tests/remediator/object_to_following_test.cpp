// Whether a container may be restarted because the one has been whose network it shares.
#include <gmock/gmock.h>

#include "tests/remediator/guards_fixture.h"

namespace selfheal {
namespace {

class ObjectToFollowingTest : public GuardsTest {
 protected:
  std::string why() const {
    const Objection objection = object_to_following(facts_, settings_);
    return objection ? std::string(to_string(objection->reason)) : "";
  }
};

TEST_F(ObjectToFollowingTest, ItIsNotNeededThatAnythingIsBrokenAboutIt) {
  facts_.policy.alerts_firing = false;
  facts_.alertname.clear();
  facts_.lease_until = {};
  EXPECT_EQ(why(), "");
}

TEST_F(ObjectToFollowingTest, NeverThisRemediatorsOwnContainer) {
  facts_.is_self = true;
  EXPECT_EQ(why(), "self");
}

TEST_F(ObjectToFollowingTest, WhatPeopleHaveSaidOfItCounts) {
  label("selfheal.dry-run", "yes");
  EXPECT_EQ(why(), "dry_run");
  label("selfheal.action", "none");
  EXPECT_EQ(why(), "action_none");
  settings_.protected_names = {"w*"};
  EXPECT_EQ(why(), "protected");
}

// They are for its own healing.
TEST_F(ObjectToFollowingTest, WhichStepsItsLabelsNameDoesNotCount) {
  label("selfheal.action", "recreate");
  label("selfheal.stateful", "true");
  EXPECT_EQ(why(), "") << "a restart keeps its state";
  label("selfheal.escalation", "kill");
  label("selfheal.dry-run", "true");
  EXPECT_EQ(object_to_following(facts_, settings_)->detail,
            "would restart it, but its label selfheal.dry-run says not to");
}

}  // namespace
}  // namespace selfheal
