// Containers that share the network of a restarted one: who of them comes after it, and what a
// crash in between leaves to be done.
#include "common/base/log.h"
#include "remediator/explain/delivery_history.h"
#include "tests/remediator/network_sharers_fixture.h"
#include "tests/remediator/samples.h"

namespace selfheal {
namespace {

TEST_F(NetworkSharersTest, AreRestartedAfterIt) {
  restart_owner();
  EXPECT_THAT(shop_.actions(), ElementsAre(kRestartOwner, kRestart));
  expect_told("was restarted after it");
}

// As where a proxy lets nobody list containers.
TEST_F(NetworkSharersTest, WhereNobodyMayLookForThemTheOwnerIsHealedAtOnce) {
  shop_.docker.fail_list(DockerFailureKind::refused);
  restart_owner();
  EXPECT_THAT(shop_.actions(), ElementsAre(kRestartOwner));
  EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
  EXPECT_THAT(last_decision().detail, HasSubstr("whether others share its network is not known"));
}

TEST_F(NetworkSharersTest, AreLookedForAgainWhereDockerIsTooSlow) {
  shop_.docker.fail_list(DockerFailureKind::timeout);
  restart_owner();
  EXPECT_EQ(shop_.incident().state, IncidentState::acting);
  shop_.docker.fail_list({});
  shop_.run(seconds(2));
  EXPECT_THAT(shop_.actions(), ElementsAre(kRestartOwner, kRestart));
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
  shop_.docker.next_action({Effect::restarts, {}, [&] { break_rows(); }});
  shop_.fire();
  EXPECT_EQ(shop_.step(), shop_.clock.wall_now() + seconds(1));
  EXPECT_THAT(shop_.actions(), ElementsAre(kRestartOwner));
  EXPECT_EQ(shop_.incident().state, IncidentState::acting);
}

TEST_F(NetworkSharersTest, WhatIsNotWrittenDownYetIsNotLogged) {
  script_for_sharer({Effect::restarts, {}, [&] {
                       change_journal(
                           "CREATE TRIGGER no_end BEFORE INSERT ON decision WHEN "
                           "NEW.detail LIKE '%was restarted after it' "
                           "BEGIN SELECT raise(ABORT, 'not this one'); END");
                     }});
  log::configure(log::Level::info, log::Format::logfmt);
  testing::internal::CaptureStderr();
  shop_.fire();
  shop_.run(seconds(3));
  EXPECT_EQ(shop_.incident().state, IncidentState::acting);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), testing::Not(HasSubstr("shared network")));
  change_journal("DROP TRIGGER no_end");
  testing::internal::CaptureStderr();
  shop_.run(seconds(2));
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("was restarted after it"));
}

// ---- for how long it is tried

// Docker was away for as long as one may be tried for, and is back.
TEST_F(NetworkSharersTest, HaveTheirTimeFromTheStartOfTheirOwner) {
  shop_.docker.next_action({Effect::restarts, {}, [&] {
                              shop_.clock.advance(minutes(6));
                              shop_.docker.change("web", [&](ContainerDetails& it) {
                                it.started_at = shop_.clock.wall_now();
                              });
                              break_rows();
                            }});
  shop_.fire();
  shop_.step();
  EXPECT_EQ(shop_.incident().state, IncidentState::acting);
  mend_rows();
  shop_.run(seconds(2));
  EXPECT_THAT(shop_.actions(), ElementsAre(kRestartOwner, kRestart));
  expect_told("was restarted after it");
}

TEST_F(NetworkSharersTest, OneThatWasNeverAskedForIsToldOfAsThat) {
  shop_.docker.next_action({Effect::restarts, {}, [&] { break_rows(); }});
  shop_.fire();
  shop_.run(minutes(5));
  EXPECT_EQ(shop_.incident().state, IncidentState::acting);
  shop_.run(seconds(30));
  EXPECT_THAT(shop_.actions(), ElementsAre(kRestartOwner));
  expect_told("was not restarted: it could not be looked at, or written down, in time");
}

// ---- crashes

TEST_F(NetworkSharersTest, WhatWasDoneBeforeACrashIsNotDoneAgain) {
  die_at_restart_of_sharer(Effect::restarts);
  shop_.run(seconds(2));
  EXPECT_THAT(shop_.actions(), ElementsAre(kRestartOwner, kRestart));
  expect_told("was restarted after it");
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

// ---- an attempt of its own

// Its alert is judged while Docker waits for its end: it runs still, with the start that it had.
TEST_F(NetworkSharersTest, NoneIsBegunWhileItFollows) {
  die_at_restart_of_sharer(Effect::none);
  ReceivedAlert own = Workshop::alert(AlertStatus::firing, shop_.clock.wall_now() - seconds(3));
  own.fingerprint = "f2";
  own.labels["container"] = "sidecar";
  own.labels["group"] = "proxies";
  shop_.accept({own});
  shop_.container = "sidecar";
  shop_.step();
  EXPECT_EQ(shop_.incident().state, IncidentState::waiting);
  EXPECT_THAT(shop_.actions(), ElementsAre(kRestartOwner, kRestart));

  shop_.docker.change("sidecar",
                      [&](ContainerDetails& it) { it.started_at = shop_.clock.wall_now(); });
  shop_.container = "web";
  shop_.step();
  expect_told("was restarted after it");
  shop_.container = "sidecar";
  shop_.step();
  EXPECT_THAT(shop_.actions(), ElementsAre(kRestartOwner, kRestart, kRestart)) << "still broken";
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
  shop_.pause({PauseScope::container, "box", "sidecar"});
  expect_left_alone("paused (container box/sidecar), without an end: moving house");
}

TEST_F(NetworkSharersTest, APauseOfItsGroupIsAPause) {
  shop_.docker.change("sidecar",
                      [](ContainerDetails& it) { it.labels["selfheal.group"] = "proxies"; });
  shop_.pause({PauseScope::group, "box", "proxies"});
  expect_left_alone("paused (group box/proxies)");
}

TEST_F(NetworkSharersTest, APauseOfAllIsAPauseThoughTheAttemptGoesOn) {
  shop_.docker.next_action({Effect::restarts, {}, [&] { shop_.pause({PauseScope::all, "", ""}); }});
  expect_left_alone("paused (all)");
}

TEST_F(NetworkSharersTest, APauseOfTheHostIsAPauseThoughTheAttemptGoesOn) {
  shop_.docker.next_action({Effect::restarts, {}, [&] {
                              shop_.pause({PauseScope::host, "box", ""});
                            }});
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

}  // namespace
}  // namespace selfheal
