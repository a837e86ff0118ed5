#include "common/docker/healing_step.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace selfheal {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;

HealingStep step_of(std::string_view text) {
  const auto step = parse_step(text);
  EXPECT_TRUE(step) << text;
  return step ? *step : HealingStep{};
}
std::string fault_of(std::string_view text) {
  const auto steps = parse_steps(text);
  EXPECT_FALSE(steps) << text;
  return steps ? "" : steps.error().message;
}

TEST(ParseStep, TakesEachActionByItsName) {
  for (const Action action : {Action::restart, Action::kill, Action::start, Action::stop,
                              Action::recreate, Action::service_update})
    EXPECT_EQ(step_of(to_string(action)), (HealingStep{action, {}, {}}));
  EXPECT_EQ(step_of(" stop "), (HealingStep{Action::stop, {}, {}}));
}

TEST(ParseStep, TakesATimeBehindIt) {
  EXPECT_EQ(step_of("recreate  2m"), (HealingStep{Action::recreate, {}, minutes(2)}));
}

TEST(ParseStep, OfExecTheRestIsTheCommand) {
  EXPECT_THAT(step_of("exec:nginx -s 'reload now' 5s").command,
              ElementsAre("nginx", "-s", "reload now", "5s"));
  EXPECT_THAT(step_of(R"(exec:["a","b c"])").command, ElementsAre("a", "b c"));
}

TEST(ParseStep, SaysWhatItExpected) {
  for (const char* text : {"", "reboot", "Restart", "restart:now"})
    EXPECT_THAT(fault_of(text), HasSubstr("is not an action; expected restart, start")) << text;
  EXPECT_THAT(fault_of("restart 5"), HasSubstr("behind restart"));
  EXPECT_THAT(fault_of("exec"), HasSubstr("exec:COMMAND"));
  EXPECT_THAT(fault_of("exec:"), HasSubstr("exec: "));
  EXPECT_THAT(fault_of("exec:'a"), HasSubstr("exec: "));
}

TEST(ParseSteps, TakesAListWithCommas) {
  EXPECT_THAT(
      *parse_steps("restart, kill 90s,recreate"),
      ElementsAre(HealingStep{Action::restart, {}, {}}, HealingStep{Action::kill, {}, seconds(90)},
                  HealingStep{Action::recreate, {}, {}}));
  EXPECT_THAT(fault_of("restart,"), HasSubstr("not an action"));
  EXPECT_THAT(fault_of(",restart"), HasSubstr("not an action"));
}

TEST(ParseSteps, AJsonListMayHaveCommasInIt) {
  const auto steps = parse_steps(R"(exec:["sh","-c","a, b], c"], restart)");
  ASSERT_TRUE(steps);
  EXPECT_THAT(steps->at(0).command, ElementsAre("sh", "-c", "a, b], c"));
  EXPECT_EQ(steps->at(1).action, Action::restart);
}

TEST(ToText, IsReadBackToTheSame) {
  for (const HealingStep& step :
       {HealingStep{Action::restart, {}, {}}, HealingStep{Action::kill, {}, seconds(90)},
        HealingStep{Action::exec, {"sh", "-c", "it's, \"so\""}, {}}})
    EXPECT_EQ(step_of(to_text(step)), step) << to_text(step);
}

}  // namespace
}  // namespace selfheal
