// A recreation as an attempt that a crash has cut off, before and after the old container was
// touched.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/remediator/recreate_fixture.h"

namespace selfheal {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;
using Effect = FakeDocker::Effect;
using Kind = DockerFailureKind;

// create, rename, stop, rename, rename, start; it has no restart policy.
constexpr int kCalls = 6;
constexpr int kFirstThatTouchesTheOldOne = 3;

class AttemptRecreateCrashTest : public RecreateFixture {
 protected:
  // A process that dies when Docker was asked for the change of that number, from 1, and did it or
  // was still at it.
  static void die_at(Workshop& shop, int call, Effect effect = Effect::usual,
                     const std::string& action = "restart") {
    auto count = std::make_shared<int>(0);
    const FakeDocker::ActionScript last{effect, Kind::aborted,
                                        [&shop] { shop.docker.fail_all(Kind::aborted); }};
    if (call == 1)
      shop.docker.next_action(last);
    else
      shop.docker.next_action({Effect::usual,
                               {},
                               [&shop, call, last, count] {
                                 if (++*count == call - 1) shop.docker.next_action(last);
                               },
                               call - 1});
    shop.fire(seconds(3), action);
    shop.step();
    EXPECT_EQ(shop.incident().state, IncidentState::acting);
    shop.docker.fail_all({});
  }
};

// Minutes may have passed: the guards, the lease or a person may say otherwise by now.
TEST_F(AttemptRecreateCrashTest, CutOffBeforeTheOldOneIsTouchedItIsDecidedAnew) {
  for (int call = 1; call < kFirstThatTouchesTheOldOne; ++call) {
    Workshop shop;
    set_up(shop);
    const Effect effect = call == 1 ? Effect::usual : Effect::none;
    die_at(shop, call, effect);
    shop.prometheus.set([](FakePrometheus::State& state) { state.alerts_firing = false; });
    shop.clock.advance(minutes(3));
    shop.step();
    ASSERT_THAT(shop.incident().attempts, SizeIs(1)) << call;
    EXPECT_EQ(shop.incident().attempts.back().result, AttemptResult::no_effect) << call;
    EXPECT_EQ(shop.actions().back(), "remove made-1") << call;
    EXPECT_THAT(shop.actions(), Not(Contains(HasSubstr("id-of-web t=")))) << call;
    shop.run(minutes(1));
    EXPECT_EQ(shop.incident().reason, "not_firing") << "judged, and not acted on";
    EXPECT_EQ(shop.docker.inspect("web")->id, "id-of-web") << call;
    EXPECT_THAT(*shop.docker.list(), SizeIs(1)) << call;
  }
}

// Also where the stop that it asked for has not ended yet: nobody else would start it again.
TEST_F(AttemptRecreateCrashTest, CutOffAfterwardsItGoesOnAsTheSameAttempt) {
  for (int call = kFirstThatTouchesTheOldOne; call <= kCalls; ++call) {
    for (const Effect effect : {Effect::usual, Effect::none}) {
      Workshop shop;
      set_up(shop);
      die_at(shop, call, effect);
      shop.step();
      EXPECT_EQ(shop.incident().state, IncidentState::verifying) << call;
      EXPECT_THAT(shop.incident().attempts, SizeIs(1)) << call;
      EXPECT_EQ(shop.docker.inspect("web")->id, "made-1") << call;
    }
  }
}

TEST_F(AttemptRecreateCrashTest, CutOffWhatWasDownBeforeStaysDownUntilThatIsDecided) {
  shop_.docker.change("web", [&](ContainerDetails& web) {
    web.state = ContainerState::exited;
    web.finished_at = shop_.clock.wall_now() - hours(1);
  });
  die_at(shop_, 1, Effect::usual, "start");
  shop_.step();
  EXPECT_EQ(last_attempt().result, AttemptResult::no_effect);
  EXPECT_EQ(shop_.docker.inspect("web")->state, ContainerState::exited);
  EXPECT_THAT(*shop_.docker.list(), SizeIs(1));
}

// Its start is all that is missing. By an engine's clock that is behind it went down before.
TEST_F(AttemptRecreateCrashTest, CutOffWhatRanIsStartedWhateverTheEnginesClockSays) {
  die_at(shop_, 1);
  shop_.docker.change("web", [&](ContainerDetails& web) {
    web.state = ContainerState::exited;
    web.finished_at = shop_.clock.wall_now() - seconds(5);
  });
  shop_.step();
  EXPECT_EQ(last_attempt().result, AttemptResult::no_effect);
  EXPECT_TRUE(shop_.docker.inspect("web")->running());
}

TEST_F(AttemptRecreateCrashTest, ANewOneThatDockerDoesNotRemoveIsLitterAndHoldsUpNothing) {
  die_at(shop_, 1);
  shop_.docker.next_action({Effect::none, Kind::timeout});
  shop_.step();
  EXPECT_EQ(shop_.incident().state, IncidentState::acting) << "it may yet be removed";
  shop_.docker.next_action({Effect::none, Kind::refused});
  shop_.clock.advance(seconds(1));
  shop_.step();
  EXPECT_EQ(last_attempt().result, AttemptResult::no_effect);
  EXPECT_THAT(last_attempt().detail, HasSubstr("removing the new one"));
  EXPECT_TRUE(shop_.docker.inspect("web")->running());
}

TEST_F(AttemptRecreateCrashTest, WhatCanBeNeitherDoneNorPutBackIsAPersonsAtLast) {
  die_at(shop_, kFirstThatTouchesTheOldOne);
  shop_.docker.next_action({Effect::none, Kind::failed, {}, 100'000});
  shop_.run(minutes(9));
  EXPECT_EQ(shop_.incident().state, IncidentState::acting);
  shop_.run(minutes(2));
  const Attempt first = shop_.incident().attempts.front();
  EXPECT_EQ(first.result, AttemptResult::action_failed);
  EXPECT_THAT(first.detail, StartsWith("it is neither done nor put back: "));
  EXPECT_THAT(shop_.outcomes(), Contains("failed 1 of 3"));
}

TEST_F(AttemptRecreateCrashTest, CutOffAndTheOldOneRemovedMeanwhileNothingIsLeft) {
  die_at(shop_, 1);
  shop_.docker.lose("web");
  shop_.step();
  EXPECT_EQ(last_attempt().result, AttemptResult::container_gone);
  EXPECT_THAT(*shop_.docker.list(), IsEmpty());
}

}  // namespace
}  // namespace selfheal
