#include "remediator/decision/escalation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/remediator/samples.h"

namespace selfheal {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;

class EscalationTest : public testing::Test {
 protected:
  void label(const std::string& name, const std::string& value) {
    facts_.inspected->labels[name] = value;
  }
  // The steps in the order in which they are taken while none helps, or why there is none.
  std::vector<std::string> steps() {
    std::vector<std::string> texts;
    for (facts_.escalation = 0; facts_.escalation < 4; ++facts_.escalation) {
      const auto step = step_due(facts_, settings_);
      texts.push_back(step ? to_text(*step) : step.error().detail);
    }
    return texts;
  }
  NoStep fault() {
    const auto step = step_due(facts_, settings_);
    EXPECT_FALSE(step);
    return step ? NoStep::unknown : step.error().why;
  }

  Facts facts_ = good_facts();
  EscalationSettings settings_;
};

TEST_F(EscalationTest, ARestartThatDidNotHelpIsFollowedByAKill) {
  EXPECT_THAT(steps(), ElementsAre("restart", "kill", "kill", "kill"));
}

TEST_F(EscalationTest, WhateverElseIsAskedForIsRepeated) {
  facts_.asked_action = "recreate";
  EXPECT_THAT(steps(), ElementsAre("recreate", "recreate", "recreate", "recreate"));
}

TEST_F(EscalationTest, WhatIsDownIsStarted) {
  facts_.asked_action = "start";
  EXPECT_THAT(steps(), ElementsAre("start", "start", "start", "start"));
  label("selfheal.escalation", "restart, recreate");
  EXPECT_THAT(steps(), ElementsAre("start", "recreate", "recreate", "recreate"));
  label("selfheal.escalation", "exec:reload, restart 90s");
  EXPECT_THAT(steps(), ElementsAre("start", "start 1m30s", "start 1m30s", "start 1m30s"));
}

TEST_F(EscalationTest, TheContainersListGoesBeforeItsActionAndThatBeforeTheAlerts) {
  settings_.alerts[facts_.alertname] = {{Action::stop, {}, {}}};
  EXPECT_EQ(steps().at(1), "stop");
  label("selfheal.action", "kill");
  EXPECT_THAT(steps(), ElementsAre("kill", "kill", "kill", "kill"));
  label("selfheal.escalation", "exec:reload, restart 90s");
  EXPECT_THAT(steps(),
              ElementsAre("exec:reload", "restart 1m30s", "restart 1m30s", "restart 1m30s"));
  label("selfheal.action", "none");
  EXPECT_EQ(fault(), NoStep::by_label);
}

TEST_F(EscalationTest, WhatHasStateIsNeitherKilledNorRecreated) {
  label("selfheal.stateful", "true");
  EXPECT_THAT(steps(), ElementsAre("restart", "restart", "restart", "restart"));
  label("selfheal.escalation", "restart, kill, recreate, stop");
  EXPECT_THAT(steps(), ElementsAre("restart", "stop", "stop", "stop"));
  label("selfheal.escalation", "kill");
  EXPECT_EQ(fault(), NoStep::stateful);
}

TEST_F(EscalationTest, WhatDockerRemovesAtItsEndIsNeverEnded) {
  facts_.inspected->auto_remove = true;
  EXPECT_THAT(steps(), ElementsAre("restart", "restart", "restart", "restart"));
  label("selfheal.action", "stop");
  EXPECT_EQ(fault(), NoStep::stateful);
  EXPECT_THAT(steps().at(0), HasSubstr("--rm"));
}

TEST_F(EscalationTest, AnAlertCantSayWhichCommandIsRun) {
  facts_.asked_action = "exec";
  EXPECT_EQ(fault(), NoStep::unknown);
  EXPECT_THAT(steps().at(0), HasSubstr("selfheal.action (exec:COMMAND)"));
  facts_.asked_action = "exec:rm -rf /";
  EXPECT_EQ(fault(), NoStep::unknown);
  facts_.asked_action = "exec";
  label("selfheal.action", "exec:nginx -s reload");
  EXPECT_EQ(steps().at(0), "exec:nginx -s reload");
}

TEST_F(EscalationTest, AFaultInALabelNamesIt) {
  label("selfheal.escalation", "restart, reboot");
  EXPECT_EQ(fault(), NoStep::unknown);
  EXPECT_THAT(steps().at(0), HasSubstr("selfheal.escalation: \"reboot\" is not an action"));
}

}  // namespace
}  // namespace selfheal
