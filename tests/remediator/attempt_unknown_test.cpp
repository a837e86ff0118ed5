// An attempt of which Docker does not tell whether it was done: for how long its word is waited
// for, and by which actions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remediator/act/engine_patience.h"
#include "tests/remediator/samples.h"
#include "tests/remediator/workshop.h"

namespace selfheal {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::StartsWith;
using Effect = FakeDocker::Effect;

class AttemptUnknownTest : public testing::Test {
 protected:
  // Docker is asked for it, does not answer, and tells of nothing any more.
  static void fall_silent(Workshop& shop, const std::string& label, const std::string& asked_for) {
    shop.docker.change("web", [&](ContainerDetails& web) {
      web.labels["selfheal.action"] = label;
      if (asked_for == "start") web.state = ContainerState::exited;
    });
    shop.docker.set_exec(DockerFailure{DockerFailureKind::closed, "gone"});
    shop.docker.next_action({Effect::none, DockerFailureKind::closed,
                             [&] { shop.docker.fail_inspect_if([] { return true; }); }});
    shop.fire(seconds(3), asked_for);
    shop.step();
  }
};

TEST_F(AttemptUnknownTest, WhatLeavesNothingStoppedIsNotWaitedForForEver) {
  for (const auto& [label, asked_for] :
       {std::pair("stop", "restart"), std::pair("exec:reload", "restart"),
        std::pair("restart", "start")}) {
    Workshop shop;
    fall_silent(shop, label, asked_for);
    shop.run(minutes(10) - seconds(5));
    EXPECT_EQ(shop.incident().state, IncidentState::acting) << label;
    shop.run(seconds(45));  // a command has half a minute of its own
    const Incident incident = shop.incident();
    EXPECT_EQ(incident.attempts.front().result, AttemptResult::unknown) << label;
    EXPECT_THAT(incident.attempts.front().detail,
                StartsWith("whether it was done is not known: the fake engine says"));
    EXPECT_EQ(incident.escalation, 0) << "nothing tells that another step would do better";
    EXPECT_THAT(shop.outcomes(), ElementsAre("failed 1 of 3")) << label;
  }
}

// It looks like stopped by hand, and nobody else would start it.
TEST_F(AttemptUnknownTest, WhatARestartMayHaveLeftStoppedIsWaitedForForAsLongAsItTakes) {
  for (const char* label : {"restart", "kill"}) {
    Workshop shop;
    fall_silent(shop, label, "restart");
    shop.run(minutes(30));
    EXPECT_EQ(shop.incident().state, IncidentState::acting) << label;
    shop.docker.fail_inspect_if(nullptr);
    shop.docker.change("web", [](ContainerDetails& web) { web.state = ContainerState::exited; });
    shop.run(seconds(2));
    EXPECT_EQ(shop.incident().state, IncidentState::verifying) << label;
    EXPECT_TRUE(shop.docker.inspect("web")->running());
  }
}

// The fake ends it at its own time: the engine's clock is behind, or what was killed dies late.
TEST_F(AttemptUnknownTest, WhatItHasStoppedIsStartedWhateverTheEnginesClockSays) {
  for (const auto late : {Milliseconds(-30'000), Milliseconds(38'000)}) {
    Workshop shop;
    shop.docker.change("web",
                       [](ContainerDetails& web) { web.labels["selfheal.action"] = "kill"; });
    shop.docker.next_action({Effect::none, DockerFailureKind::closed, [&] {
                               shop.docker.change("web", [&](ContainerDetails& web) {
                                 web.state = ContainerState::exited;
                                 web.finished_at = shop.clock.wall_now() + late;
                               });
                               shop.clock.advance(std::max(late, Milliseconds(0)));
                             }});
    shop.fire();
    shop.run(seconds(2));
    EXPECT_EQ(shop.incident().state, IncidentState::verifying) << late.count();
    EXPECT_TRUE(shop.docker.inspect("web")->running());
  }
}

// Docker has waited for its end in vain, and says so.
TEST_F(AttemptUnknownTest, ARefusalThatTookAsLongAsAStopIsNotTheLastWord) {
  Workshop shop;
  shop.docker.next_action(
      {Effect::none, DockerFailureKind::failed, [&] { shop.clock.advance(seconds(22)); }});
  shop.fire();
  shop.step();
  EXPECT_EQ(shop.incident().state, IncidentState::acting);
  shop.docker.change("web", [&](ContainerDetails& web) {
    web.state = ContainerState::exited;
    web.finished_at = shop.clock.wall_now();
  });
  shop.run(seconds(1));
  EXPECT_EQ(shop.incident().state, IncidentState::verifying);
  EXPECT_TRUE(shop.docker.inspect("web")->running());
}

TEST_F(AttemptUnknownTest, AStartSendsNoSignalSoItsRefusalIsTheLastWord) {
  Workshop shop;
  shop.docker.change("web", [](ContainerDetails& web) { web.state = ContainerState::exited; });
  shop.docker.next_action(
      {Effect::none, DockerFailureKind::failed, [&] { shop.clock.advance(seconds(5)); }});
  shop.fire(seconds(3), "start");
  shop.step();
  EXPECT_EQ(shop.incident().attempts.back().result, AttemptResult::action_failed);
}

TEST_F(AttemptUnknownTest, WhatWasDownAlreadyWhenItWasToBeKilledIsNotStarted) {
  Workshop shop;
  shop.docker.change("web", [](ContainerDetails& web) { web.labels["selfheal.action"] = "kill"; });
  shop.docker.next_action({Effect::none, DockerFailureKind::conflict, [&] {
                             shop.docker.change("web", [&](ContainerDetails& web) {
                               web.state = ContainerState::exited;
                               web.finished_at = shop.clock.wall_now() - seconds(2);
                             });
                           }});
  shop.fire();
  shop.step();
  EXPECT_EQ(shop.incident().attempts.back().result, AttemptResult::action_failed);
  EXPECT_FALSE(shop.docker.inspect("web")->running());
}

TEST_F(AttemptUnknownTest, WhatCameAndIsNotToBeSeenAnyMoreIsForTheProofToSay) {
  Workshop shop;
  int looks = 0;
  shop.docker.next_action({Effect::restarts, {}, [&] {
                             shop.docker.fail_inspect_if([&] { return ++looks % 2 == 0; });
                           }});
  shop.fire();
  shop.run(minutes(10) - seconds(5));
  EXPECT_EQ(shop.incident().state, IncidentState::acting);
  shop.run(seconds(10));
  EXPECT_EQ(shop.incident().state, IncidentState::verifying);
}

TEST(WaitsUntil, ItCountsFromTheEnginesReturnButNotFromEachForEver) {
  const minutes patience{10};
  EXPECT_EQ(waits_until(kNow, std::nullopt, patience), kNow + patience);
  EXPECT_EQ(waits_until(kNow, kNow - hours(1), patience), kNow + patience);
  EXPECT_EQ(waits_until(kNow, kNow + hours(2), patience), kNow + hours(2) + patience);
  EXPECT_EQ(waits_until(kNow, kNow + hours(30), patience), kNow + kLongestAway + patience);
}

}  // namespace
}  // namespace selfheal
