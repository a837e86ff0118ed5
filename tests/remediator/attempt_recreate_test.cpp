// A recreation as an attempt: proved, put back, cut off by a crash, and with a new failure while it
// is verified.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/remediator/recreate_fixture.h"

namespace selfheal {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::Contains;
using testing::ElementsAre;
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

class AttemptRecreateTest : public RecreateFixture {
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
  // A new failure, after it was healthy for a moment.
  void relapse() {
    shop_.fire();
    shop_.run(seconds(2));
    become(Health::seen_healthy);
    shop_.run(seconds(2));
    ASSERT_TRUE(last_attempt().seen_healthy_at);
    become(Health::unproven);
    shop_.run(seconds(2));
    shop_.fire(seconds(1));
    shop_.run(seconds(1));
  }
};

TEST_F(AttemptRecreateTest, ARecreatedContainerIsProvedBeforeTheOldOneGoes) {
  label("selfheal.action", "recreate");
  shop_.fire();
  shop_.run(seconds(2));
  EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
  EXPECT_EQ(last_attempt().container_id, "id-of-web");
  EXPECT_EQ(shop_.docker.inspect("web")->id, "made-1");
  ASSERT_TRUE(shop_.docker.inspect("id-of-web")) << "the old one is kept";
  EXPECT_EQ(shop_.docker.inspect("id-of-web")->state, ContainerState::exited);
  become(Health::proven);
  shop_.run(seconds(1));
  EXPECT_EQ(shop_.incident().outcome, IncidentOutcome::recovered);
  EXPECT_FALSE(shop_.docker.inspect("id-of-web"));
  EXPECT_TRUE(shop_.docker.inspect("web")->running());
}

TEST_F(AttemptRecreateTest, ARecreatedContainerThatIsNotHealthyMakesRoomForTheOldOne) {
  shop_.fire();
  shop_.run(seconds(22));
  EXPECT_EQ(last_attempt().result, AttemptResult::not_healthy);
  EXPECT_EQ(shop_.docker.inspect("web")->id, "id-of-web");
  EXPECT_TRUE(shop_.docker.inspect("web")->running());
  EXPECT_FALSE(shop_.docker.inspect("made-1"));
}

TEST_F(AttemptRecreateTest, WhatCannotBeRecreatedIsLeftAlone) {
  label("selfheal.action", "recreate");
  shop_.docker.add("sidecar");
  shop_.docker.change("sidecar", [](ContainerDetails& it) { it.network_mode = "container:web"; });
  shop_.fire();
  shop_.step();
  EXPECT_EQ(last_attempt().result, AttemptResult::action_failed);
  EXPECT_THAT(last_attempt().detail, HasSubstr("sidecar"));
  EXPECT_THAT(shop_.actions(), IsEmpty());
}

TEST_F(AttemptRecreateTest, AnOldOneWhoseStartACrashHasCutOffIsStarted) {
  shop_.fire();
  shop_.run(seconds(19));
  ASSERT_TRUE(remedy_of("recreate").undo(shop_.docker, shop_.incident()));
  shop_.docker.change("web", [](ContainerDetails& it) { it.state = ContainerState::exited; });
  shop_.run(seconds(1));
  EXPECT_EQ(last_attempt().result, AttemptResult::not_healthy);
  EXPECT_TRUE(shop_.docker.inspect("web")->running());
}

TEST_F(AttemptRecreateTest, WhenBothAreGoneTheAttemptIsOver) {
  shop_.fire();
  shop_.run(seconds(2));
  shop_.docker.lose("web");
  shop_.docker.lose("web-selfheal-id-of-web");
  shop_.run(seconds(1));
  EXPECT_EQ(last_attempt().result, AttemptResult::container_gone);
}

TEST_F(AttemptRecreateTest, WithTheOldOneGoneTheNewOneStaysAsItIs) {
  shop_.fire();
  shop_.run(seconds(2));
  shop_.docker.lose("web-selfheal-id-of-web");
  shop_.run(seconds(20));
  EXPECT_EQ(last_attempt().result, AttemptResult::not_healthy);
  EXPECT_TRUE(shop_.docker.inspect("web")->running());
}

TEST_F(AttemptRecreateTest, WhatAPutBackLeftToWriteDownIsNotDoneAgain) {
  shop_.fire();
  shop_.run(seconds(19));
  EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
  // As by a process that died between Docker's last answer and the journal.
  ASSERT_TRUE(remedy_of("recreate").undo(shop_.docker, shop_.incident()));
  const size_t done = shop_.actions().size();
  shop_.run(seconds(1));
  EXPECT_EQ(last_attempt().result, AttemptResult::not_healthy);
  EXPECT_EQ(shop_.actions().size(), done);
}

// As where somebody has given its port away.
TEST_F(AttemptRecreateTest, WithTheNewOneGoneAnOldOneThatCantBePutBackIsToldOf) {
  shop_.fire();
  shop_.run(seconds(2));
  shop_.docker.lose("web");
  shop_.docker.next_action({Effect::none, Kind::failed, {}, 100'000});
  shop_.run(minutes(19));
  EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
  shop_.run(minutes(2));
  const Attempt first = shop_.incident().attempts.front();
  EXPECT_EQ(first.result, AttemptResult::action_failed);
  EXPECT_THAT(first.detail, HasSubstr("the new container was removed; and what was there before "
                                      "can't be put back: "));
  EXPECT_THAT(shop_.outcomes(), ElementsAre("failed 1 of 3"));
}

TEST_F(AttemptRecreateTest, AnOldOneThatDockerNeverRemovesDoesNotHoldUpTheProofForEver) {
  shop_.fire();
  shop_.run(seconds(2));
  shop_.docker.next_action({Effect::none, Kind::timeout, {}, 100'000});
  become(Health::proven);
  shop_.run(minutes(19));
  EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
  shop_.run(minutes(2));
  EXPECT_EQ(shop_.incident().outcome, IncidentOutcome::recovered);
}

// ---- cut off by a crash

// Minutes may have passed: the guards, the lease or a person may say otherwise by now.
TEST_F(AttemptRecreateTest, CutOffBeforeTheOldOneIsTouchedItIsDecidedAnew) {
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
TEST_F(AttemptRecreateTest, CutOffAfterwardsItGoesOnAsTheSameAttempt) {
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

TEST_F(AttemptRecreateTest, CutOffWhatWasDownBeforeStaysDownUntilThatIsDecided) {
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
TEST_F(AttemptRecreateTest, CutOffWhatRanIsStartedWhateverTheEnginesClockSays) {
  die_at(shop_, 1);
  shop_.docker.change("web", [&](ContainerDetails& web) {
    web.state = ContainerState::exited;
    web.finished_at = shop_.clock.wall_now() - seconds(5);
  });
  shop_.step();
  EXPECT_EQ(last_attempt().result, AttemptResult::no_effect);
  EXPECT_TRUE(shop_.docker.inspect("web")->running());
}

TEST_F(AttemptRecreateTest, ANewOneThatDockerDoesNotRemoveIsLitterAndHoldsUpNothing) {
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

TEST_F(AttemptRecreateTest, WhatCanBeNeitherDoneNorPutBackIsAPersonsAtLast) {
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

TEST_F(AttemptRecreateTest, CutOffAndTheOldOneRemovedMeanwhileNothingIsLeft) {
  die_at(shop_, 1);
  shop_.docker.lose("web");
  shop_.step();
  EXPECT_EQ(last_attempt().result, AttemptResult::container_gone);
  EXPECT_THAT(*shop_.docker.list(), IsEmpty());
}

// ---- a new failure while it is verified

// Unlike a restart's it does not end the attempt by itself: the old one is still aside.
TEST_F(AttemptRecreateTest, ARelapseThatLastsEndsWithTheOldOneInItsPlace) {
  relapse();
  EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
  shop_.run(seconds(15));
  const Attempt first = shop_.incident().attempts.front();
  EXPECT_EQ(first.result, AttemptResult::not_healthy);
  ASSERT_TRUE(first.ended_at);
  EXPECT_LE(*first.ended_at - *first.acted_at, seconds(21)) << "the step's time, and no more";
  EXPECT_EQ(shop_.docker.inspect("web")->id, "id-of-web");
  EXPECT_TRUE(shop_.docker.inspect("web")->running());
  EXPECT_THAT(*shop_.docker.list(), SizeIs(1));
}

TEST_F(AttemptRecreateTest, AfterARelapseThatPassesItIsProvedAndTheOldOneGoes) {
  relapse();
  become(Health::proven);
  shop_.run(seconds(1));
  EXPECT_EQ(shop_.incident().outcome, IncidentOutcome::recovered);
  EXPECT_THAT(shop_.incident().attempts, SizeIs(1));
  EXPECT_EQ(shop_.docker.inspect("web")->id, "made-1");
  EXPECT_THAT(*shop_.docker.list(), SizeIs(1));
}

// Killed on the way back, it is gone on with by what Docker shows.
TEST_F(AttemptRecreateTest, ARelapseWhoseWayBackIsCutOffIsPutBackAllTheSame) {
  relapse();
  shop_.docker.next_action(
      {Effect::usual, Kind::aborted, [&] { shop_.docker.fail_all(Kind::aborted); }});
  shop_.run(seconds(14));
  EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
  shop_.docker.fail_all({});
  shop_.run(seconds(6));
  EXPECT_EQ(shop_.incident().attempts.front().result, AttemptResult::not_healthy);
  EXPECT_EQ(shop_.docker.inspect("web")->id, "id-of-web");
  EXPECT_TRUE(shop_.docker.inspect("web")->running());
}

}  // namespace
}  // namespace selfheal
