// A recreation as an attempt: proved, put back, and with a new failure while it is verified.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/remediator/recreate_fixture.h"

namespace selfheal {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Effect = FakeDocker::Effect;
using Kind = DockerFailureKind;

class AttemptRecreateTest : public RecreateFixture {
 protected:
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
