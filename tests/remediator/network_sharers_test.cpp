// Containers that share the network of a restarted one: who of them comes after it, and what a
// crash in between leaves to be done.
#include "remediator/act/network_sharers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remediator/explain/delivery_history.h"
#include "tests/remediator/guards_fixture.h"
#include "tests/remediator/workshop.h"

namespace selfheal {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using Effect = FakeDocker::Effect;

constexpr const char* kRestartOwner = "restart id-of-web t=10";
constexpr const char* kRestart = "restart id-of-sidecar t=10";
constexpr const char* kStart = "start id-of-sidecar";

struct Killed {};

class NetworkSharersTest : public testing::Test {
 protected:
  NetworkSharersTest() {
    RemediatorSettings settings;
    settings.guards.start_grace = settings.guards.create_grace = Milliseconds(0);
    shop_.settings.set(settings);
    shop_.docker.add("sidecar");
    shop_.docker.change("sidecar",
                        [](ContainerDetails& it) { it.network_mode = "container:id-of-web"; });
    shop_.docker.add("other");
  }
  void restart_owner() {
    shop_.fire();
    shop_.run(seconds(1));
  }
  // What Docker does for the sharer, after the owner's restart.
  void script_for_sharer(const FakeDocker::ActionScript& script) {
    shop_.docker.next_action(
        {Effect::restarts, {}, [this, script] { shop_.docker.next_action(script); }});
  }
  // The remediator dies while Docker is asked for the sharer's restart, which comes to that.
  void die_at_restart_of_sharer(Effect effect) {
    script_for_sharer({effect, {}, [] { throw Killed{}; }});
    shop_.fire();
    EXPECT_THROW(shop_.step(), Killed);
    ASSERT_EQ(shop_.incident().state, IncidentState::acting);
  }
  void pause(const PauseTarget& target) {
    ASSERT_TRUE(shop_.journal->write([&](JournalWriter& writer) {
      writer.begin_pause({target, "moving house", shop_.clock.wall_now(), std::nullopt});
    }));
  }
  void expect_left_alone(const std::string& why) {
    restart_owner();
    EXPECT_THAT(shop_.actions(), ElementsAre(kRestartOwner));
    EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
    EXPECT_EQ(last_decision().reason, "shared_network");
    EXPECT_THAT(last_decision().detail,
                HasSubstr("sidecar, which shares its network, was left alone: "));
    EXPECT_THAT(last_decision().detail, HasSubstr(why));
  }
  DecisionRow last_decision() { return shop_.decisions().back(); }
  void expect_told(const std::string& what) {
    EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
    EXPECT_THAT(last_decision().detail, HasSubstr("sidecar, which shares its network, " + what));
  }

  Workshop shop_;
};

TEST_F(NetworkSharersTest, AreRestartedAfterIt) {
  restart_owner();
  EXPECT_THAT(shop_.actions(), ElementsAre(kRestartOwner, kRestart));
  expect_told("was restarted after it");
}

TEST_F(NetworkSharersTest, AreWrittenDownBeforeTheyAreTouched) {
  DecisionRow before;
  IncidentState state{};
  script_for_sharer({Effect::restarts, {}, [&] {
                       before = last_decision();
                       state = shop_.incident().state;
                     }});
  restart_owner();
  EXPECT_EQ(state, IncidentState::acting);
  EXPECT_EQ(before.verdict, "act");
  EXPECT_EQ(before.reason, "shared_network");
  EXPECT_EQ(before.detail, "restart sidecar (id-of-sideca), which shares its network");
  const auto restarts = sharer_restarts({before});
  ASSERT_EQ(restarts.size(), 1u);
  EXPECT_EQ(restarts[0].id, "id-of-sidecar");
  EXPECT_EQ(restarts[0].name, "sidecar");
  EXPECT_EQ(restarts[0].started_before, kNow - std::chrono::hours(1));
  EXPECT_EQ(restarts[0].stop_timeout, seconds(10));
  EXPECT_EQ(restarts[0].requested_at, before.decided_at);
  EXPECT_THAT(before.facts, HasSubstr("\"container\":\"sidecar\"")) << "what it was decided from";
}

// The decision that led to the attempt is in force, and not what belongs to its doing.
TEST_F(NetworkSharersTest, AreNoDecisionOnTheIncident) {
  restart_owner();
  ASSERT_EQ(last_decision().reason, "shared_network");
  const auto met =
      decision_in_force(shop_.decisions(), shop_.incident(), shop_.clock.wall_now() + seconds(1));
  ASSERT_TRUE(met);
  EXPECT_EQ(met->reason, "due");
}

TEST_F(NetworkSharersTest, NothingIsTouchedThatCantBeWrittenDown) {
  shop_.docker.next_action({Effect::restarts, {}, [&] {
                              SqliteConnection(shop_.folder.path("journal.db"),
                                               SqliteConnection::Mode::read_write)
                                  .execute(
                                      "CREATE TRIGGER no_decisions BEFORE INSERT ON decision "
                                      "BEGIN SELECT raise(ABORT, 'the disk is full'); END");
                            }});
  shop_.fire();
  EXPECT_EQ(shop_.step(), shop_.clock.wall_now() + seconds(1));
  EXPECT_THAT(shop_.actions(), ElementsAre(kRestartOwner));
  EXPECT_EQ(shop_.incident().state, IncidentState::acting);
}

// ---- crashes

TEST_F(NetworkSharersTest, WhatWasDoneBeforeACrashIsNotDoneAgain) {
  die_at_restart_of_sharer(Effect::restarts);
  shop_.run(seconds(2));
  EXPECT_THAT(shop_.actions(), ElementsAre(kRestartOwner, kRestart));
  expect_told("was restarted after it");
}

TEST_F(NetworkSharersTest, OneThatWasLeftStoppedIsStarted) {
  die_at_restart_of_sharer(Effect::leaves_stopped);
  pause({PauseScope::all, "", ""});  // which is no reason to leave it down
  shop_.run(seconds(2));
  EXPECT_THAT(shop_.actions(), ElementsAre(kRestartOwner, kRestart, kStart));
  EXPECT_TRUE(shop_.docker.inspect("sidecar")->running());
  expect_told("was restarted after it");
}

TEST_F(NetworkSharersTest, OneThatAPersonHasStoppedLaterStaysDown) {
  die_at_restart_of_sharer(Effect::restarts);
  shop_.clock.advance(minutes(2));
  shop_.docker.change("sidecar", [&](ContainerDetails& it) {
    it.state = ContainerState::exited;
    it.started_at = kNow - std::chrono::hours(1);  // as if the restart had not come
    it.finished_at = shop_.clock.wall_now();
  });
  shop_.run(seconds(2));
  EXPECT_THAT(shop_.actions(), ElementsAre(kRestartOwner, kRestart));
  expect_told("could not be restarted: somebody or something else has stopped it");
}

TEST_F(NetworkSharersTest, WhatNothingCameOfIsAskedForOnceMore) {
  die_at_restart_of_sharer(Effect::none);
  shop_.run(seconds(24));
  EXPECT_THAT(shop_.actions(), ElementsAre(kRestartOwner, kRestart)) << "it may still come";
  shop_.run(seconds(2));
  EXPECT_THAT(shop_.actions(), ElementsAre(kRestartOwner, kRestart, kRestart));
  expect_told("was restarted after it");
}

TEST_F(NetworkSharersTest, AndNotForEver) {
  script_for_sharer({Effect::none, DockerFailureKind::timeout, {}, 100});
  shop_.fire();
  shop_.run(seconds(55));
  EXPECT_THAT(shop_.actions(), ElementsAre(kRestartOwner, kRestart, kRestart));
  expect_told("could not be restarted: Docker was asked for it and did not do it");
}

TEST_F(NetworkSharersTest, OneThatCantBeStartedDoesNotHoldUpTheProofForEver) {
  script_for_sharer({Effect::leaves_stopped, DockerFailureKind::failed, {}, 1000});
  shop_.fire();
  shop_.run(minutes(5));
  EXPECT_EQ(shop_.incident().state, IncidentState::acting);
  shop_.run(seconds(50));
  expect_told("could not be seen to have been restarted");
}

// It can only be started where there is a network for it: after the owner's next attempt.
TEST_F(NetworkSharersTest, OneThatWasLeftStoppedWaitsForItsOwner) {
  script_for_sharer({Effect::leaves_stopped, DockerFailureKind::failed,
                     [&] {
                       shop_.docker.change(
                           "web", [](ContainerDetails& it) { it.state = ContainerState::exited; });
                     },
                     2});
  shop_.fire();
  shop_.run(seconds(5));
  ASSERT_EQ(shop_.incident().attempts.back().result, AttemptResult::not_healthy);
  EXPECT_FALSE(shop_.docker.inspect("sidecar")->running());
  shop_.docker.change("web", [](ContainerDetails& it) { it.state = ContainerState::running; });
  shop_.run(minutes(1));
  EXPECT_EQ(shop_.incident().attempts.size(), 2u);
  EXPECT_TRUE(shop_.docker.inspect("sidecar")->running());
  EXPECT_THAT(shop_.actions(),
              ElementsAre(kRestartOwner, kRestart, kStart, "kill id-of-web", kStart));
}

// ---- who is left alone

TEST_F(NetworkSharersTest, AStoppedOneIsAPersons) {
  shop_.docker.change("sidecar", [](ContainerDetails& it) { it.state = ContainerState::exited; });
  restart_owner();
  EXPECT_THAT(shop_.actions(), ElementsAre(kRestartOwner));
  EXPECT_EQ(last_decision().reason, "due");
}

TEST_F(NetworkSharersTest, WhoHasNotOptedInIsLeftAlone) {
  shop_.docker.change("sidecar", [](ContainerDetails& it) { it.labels.clear(); });
  expect_left_alone("neither the label selfheal.enable=true");
}

TEST_F(NetworkSharersTest, APauseOfItIsAPause) {
  pause({PauseScope::container, "box", "sidecar"});
  expect_left_alone("paused (container box/sidecar), without an end: moving house");
}

TEST_F(NetworkSharersTest, APauseOfItsGroupIsAPause) {
  shop_.docker.change("sidecar",
                      [](ContainerDetails& it) { it.labels["selfheal.group"] = "proxies"; });
  pause({PauseScope::group, "box", "proxies"});
  expect_left_alone("paused (group box/proxies)");
}

TEST_F(NetworkSharersTest, APauseOfAllIsAPauseThoughTheAttemptGoesOn) {
  shop_.docker.next_action({Effect::restarts, {}, [&] { pause({PauseScope::all, "", ""}); }});
  expect_left_alone("paused (all)");
}

TEST_F(NetworkSharersTest, APauseOfTheHostIsAPauseThoughTheAttemptGoesOn) {
  shop_.docker.next_action({Effect::restarts, {}, [&] { pause({PauseScope::host, "box", ""}); }});
  expect_left_alone("paused (host box)");
}

TEST_F(NetworkSharersTest, OneThatIsBeingHealedItselfIsLeftAlone) {
  ASSERT_TRUE(shop_.journal->write([](JournalWriter& writer) {
    Incident own = open_incident("box", "sidecar", fired(kNow), nullptr, kNow, {});
    own.group = "proxies";
    apply(own, attempt_on("id-of-sidecar"), kNow, {});
    writer.save(own);
  }));
  expect_left_alone("it is being healed itself, by incident 1");
}

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

}  // namespace
}  // namespace selfheal
