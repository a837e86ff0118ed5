// What Docker creates for a recreation that was given up: an engine that was stuck does what it was
// asked for long ago.
#include <gmock/gmock.h>

#include "tests/remediator/recreate_fixture.h"
#include "tests/remediator/samples.h"

namespace selfheal {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::SizeIs;

constexpr const char* kLate = "web-selfheal-new-id-of-web";

class RecreatedTooLateTest : public RecreateFixture {
 protected:
  // Its creation is asked for, and given up.
  void give_up() {
    shop_.docker.next_action({FakeDocker::Effect::none, DockerFailureKind::timeout});
    shop_.fire();
    shop_.run(seconds(2));
    ASSERT_EQ(last_attempt().result, AttemptResult::no_effect);
  }
  void give_up_and_end() {
    give_up();
    shop_.resolve(seconds(3));
    ASSERT_EQ(shop_.incident().outcome, IncidentOutcome::withdrawn);
  }
  // What it was asked for Docker does now.
  void create(const std::string& name = kLate) {
    shop_.docker.add(name);
    shop_.docker.change(name, [](ContainerDetails& it) {
      it.state = ContainerState::created;
      it.started_at.reset();
    });
  }
  void be_dry(bool dry) {
    RemediatorSettings settings = *shop_.settings.get();
    settings.guards.dry_run = dry;
    shop_.settings.set(settings);
  }
  bool is_there(const std::string& name = kLate) { return shop_.docker.inspect(name).ok(); }
};

TEST_F(RecreatedTooLateTest, ItIsRemovedAfterTheIncident) {
  give_up_and_end();
  shop_.run(minutes(50));
  create();
  shop_.run(seconds(30));
  EXPECT_FALSE(is_there());
  EXPECT_TRUE(shop_.docker.inspect("web")->running());
  shop_.run(minutes(11));
  EXPECT_FALSE(shop_.incident().owes) << "it is not looked for for ever";
}

TEST_F(RecreatedTooLateTest, ItIsRemovedWhileAnotherAttemptIsWaitedFor) {
  give_up();
  shop_.prometheus.set([](FakePrometheus::State& state) { state.alerts_firing = false; });
  create();
  shop_.run(seconds(20));
  EXPECT_EQ(shop_.incident().state, IncidentState::waiting);
  EXPECT_FALSE(is_there());
}

TEST_F(RecreatedTooLateTest, ItIsTriedAgainWhereDockerCant) {
  give_up_and_end();
  create();
  shop_.docker.next_action({FakeDocker::Effect::none, DockerFailureKind::failed, {}, 3});
  shop_.run(seconds(12));
  EXPECT_TRUE(is_there());
  shop_.run(hours(2));
  EXPECT_FALSE(is_there());
}

TEST_F(RecreatedTooLateTest, InADryRunItStaysUntilThatIsOver) {
  give_up_and_end();
  be_dry(true);
  create();
  shop_.run(hours(2));
  EXPECT_TRUE(is_there());
  EXPECT_TRUE(shop_.incident().owes);
  be_dry(false);
  shop_.run(minutes(1));
  EXPECT_FALSE(is_there());
}

TEST_F(RecreatedTooLateTest, WhilePausedItStays) {
  give_up_and_end();
  const PauseTarget target{PauseScope::host, "box", ""};
  shop_.pause(target);
  create();
  shop_.run(hours(2));
  EXPECT_TRUE(is_there());
  shop_.resume(target);
  shop_.run(minutes(1));
  EXPECT_FALSE(is_there());
}

TEST_F(RecreatedTooLateTest, AfterADayWithoutAProcessNobodyIsTroubledWhereNothingCame) {
  give_up_and_end();
  const size_t decisions = shop_.decisions().size();
  shop_.clock.advance(hours(25));
  shop_.run(minutes(1));
  EXPECT_FALSE(shop_.incident().owes);
  EXPECT_EQ(shop_.decisions().size(), decisions);
}

TEST_F(RecreatedTooLateTest, InADryRunNothingIsOwedWhereNothingCame) {
  give_up_and_end();
  be_dry(true);
  shop_.run(hours(2));
  EXPECT_FALSE(shop_.incident().owes);
}

TEST_F(RecreatedTooLateTest, OneThatCantBeRemovedIsGivenUpAfterADay) {
  give_up_and_end();
  create();
  shop_.docker.next_action({FakeDocker::Effect::none, DockerFailureKind::failed, {}, 1'000'000});
  shop_.run(hours(24) - minutes(1));
  EXPECT_TRUE(shop_.incident().owes);
  shop_.run(minutes(2));
  EXPECT_FALSE(shop_.incident().owes);
  EXPECT_TRUE(is_there());
  EXPECT_EQ(shop_.decisions().back().reason, "given_up");
  EXPECT_THAT(shop_.decisions().back().detail, HasSubstr("may still be there"));
}

TEST_F(RecreatedTooLateTest, NothingElseIsTouched) {
  give_up_and_end();
  for (const char* name : {"web-selfheal-new-abc", "other-selfheal-new-id-of-web", "web-new"})
    create(name);
  create();
  shop_.docker.change(kLate, [](ContainerDetails& it) { it.started_at = it.created_at = kNow; });
  shop_.run(hours(2));
  EXPECT_THAT(*shop_.docker.list(), SizeIs(5)) << "not even that, for somebody has started it";
}

// A later incident's attempt goes the same way, by the same name.
TEST_F(RecreatedTooLateTest, WhatAnotherAttemptHasJustCreatedIsItsOwn) {
  give_up_and_end();
  const int64_t ended = shop_.incident().id;
  shop_.clock.advance(minutes(1));
  shop_.docker.next_action({FakeDocker::Effect::usual, {}, [&] {
                              shop_.runner->step(ended);
                              EXPECT_TRUE(is_there());
                            }});
  shop_.fire();
  shop_.step();
  EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
  EXPECT_EQ(shop_.docker.inspect("web")->id, "made-2") << "the first was given up";
}

}  // namespace
}  // namespace selfheal
