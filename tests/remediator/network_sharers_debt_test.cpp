// Containers that the restart after their network's owner has left stopped: whose start it is, and
// for how long it is tried.
#include "tests/remediator/network_sharers_fixture.h"
#include "tests/remediator/samples.h"

namespace selfheal {
namespace {

class NetworkSharersDebtTest : public NetworkSharersTest {
 protected:
  // Of it nothing can be started for as long as the owner's proof waits for that.
  void leave_stopped() {
    script_for_sharer({Effect::leaves_stopped, DockerFailureKind::failed, {}, 1000});
    shop_.fire();
    shop_.run(minutes(5) + seconds(50));
    expect_told("could not be seen to have been restarted");
    ASSERT_FALSE(sidecar_runs());
  }
  // And the owner is down, so that there is no network to start it in.
  void leave_stopped_with_its_owner() {
    script_for_sharer({Effect::leaves_stopped, DockerFailureKind::failed,
                       [&] {
                         shop_.docker.change("web", [](ContainerDetails& it) {
                           it.state = ContainerState::exited;
                         });
                       },
                       2});
    shop_.fire();
    shop_.run(seconds(5));
    ASSERT_EQ(shop_.incident().attempts.back().result, AttemptResult::not_healthy);
    ASSERT_FALSE(sidecar_runs());
  }
  void owner_comes_up() {
    shop_.docker.change("web", [](ContainerDetails& it) { it.state = ContainerState::running; });
  }
  void prove_owner() {
    shop_.prometheus.set([](FakePrometheus::State& state) { state.health = Health::proven; });
  }
  bool sidecar_runs() { return shop_.docker.inspect("sidecar")->running(); }
};

TEST_F(NetworkSharersDebtTest, OneThatWasLeftStoppedIsStarted) {
  die_at_restart_of_sharer(Effect::leaves_stopped);
  shop_.pause({PauseScope::all, "", ""});  // which is no reason to leave it down
  shop_.run(seconds(2));
  EXPECT_THAT(shop_.actions(), ElementsAre(kRestartOwner, kRestart, kStart));
  EXPECT_TRUE(shop_.docker.inspect("sidecar")->running());
  expect_told("was restarted after it");
}

TEST_F(NetworkSharersDebtTest, OneThatAPersonHasStoppedLaterStaysDown) {
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

TEST_F(NetworkSharersDebtTest, OneThatCantBeStartedDoesNotHoldUpTheProofForEver) {
  script_for_sharer({Effect::leaves_stopped, DockerFailureKind::failed, {}, 1000});
  shop_.fire();
  shop_.run(minutes(5));
  EXPECT_EQ(shop_.incident().state, IncidentState::acting);
  shop_.run(seconds(50));
  expect_told("could not be seen to have been restarted");
}

// It can only be started where there is a network for it; the owner's next attempt makes that a new
// one.
TEST_F(NetworkSharersDebtTest, OneThatWasLeftStoppedWaitsForItsOwner) {
  leave_stopped_with_its_owner();
  owner_comes_up();
  shop_.run(minutes(1));
  EXPECT_EQ(shop_.incident().attempts.size(), 2u);
  EXPECT_TRUE(sidecar_runs());
  EXPECT_THAT(shop_.actions(),
              ElementsAre(kRestartOwner, kRestart, kStart, kStart, "kill id-of-web", kRestart));
}

TEST_F(NetworkSharersDebtTest, OneThatCanBeStartedAtLastIsBeforeItsOwnerIsToldToBeHealed) {
  leave_stopped();
  shop_.docker.next_action({});  // from now on it can be
  prove_owner();
  shop_.run(seconds(10));
  EXPECT_TRUE(sidecar_runs());
  EXPECT_EQ(last_decision().detail,
            "sidecar, which shares its network, was left stopped, and has been started");
  EXPECT_EQ(shop_.incident().outcome, IncidentOutcome::recovered);
}

TEST_F(NetworkSharersDebtTest, OneThatCantBeStartedAtAllIsToldOf) {
  leave_stopped();
  prove_owner();
  shop_.run(minutes(9));
  EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
  EXPECT_TRUE(shop_.incident().attempts.back().seen_healthy_at) << "nobody waits for it";
  shop_.run(minutes(1));
  const Attempt first = shop_.incident().attempts.front();
  EXPECT_EQ(first.result, AttemptResult::not_healthy);
  EXPECT_EQ(first.detail,
            "it is healthy itself; sidecar, which shares its network, was left stopped and can't "
            "be started yet");
  EXPECT_THAT(shop_.outcomes(), ElementsAre("failed 1 of 3"));
}

TEST_F(NetworkSharersDebtTest, OneWhoseOwnerDoesNotLastIsToldOf) {
  leave_stopped_with_its_owner();
  EXPECT_THAT(shop_.incident().attempts.back().detail,
              HasSubstr("; sidecar, which shares its network, was left stopped and can't be "
                        "started yet"));
}

// A person has brought the owner up, and holds it.
TEST_F(NetworkSharersDebtTest, OneWhoseOwnerIsUpAgainIsStartedWithoutAFurtherAttempt) {
  leave_stopped_with_its_owner();
  shop_.pause({PauseScope::container, "box", "web"});
  owner_comes_up();
  shop_.run(minutes(1));
  EXPECT_EQ(shop_.incident().attempts.size(), 1u);
  EXPECT_TRUE(sidecar_runs());
  EXPECT_THAT(shop_.actions(), ElementsAre(kRestartOwner, kRestart, kStart, kStart));
}

TEST_F(NetworkSharersDebtTest, OneWhoseOwnerWaitsForOthersIsStartedMeanwhile) {
  leave_stopped_with_its_owner();
  RemediatorSettings settings = *shop_.settings.get();
  settings.guards.concurrent_attempts = 0;
  shop_.settings.set(settings);
  owner_comes_up();
  shop_.run(minutes(1));
  EXPECT_EQ(shop_.incident().attempts.size(), 1u);
  EXPECT_TRUE(sidecar_runs());
}

TEST_F(NetworkSharersDebtTest, AnEngineIsWaitedForFromItsReturnButNotFromEachForEver) {
  restart_owner();
  const AttemptSteps steps(*shop_.journal, shop_.recorder, shop_.metrics, shop_.journal_clock);
  const NetworkSharers sharers(*shop_.journal, steps, *shop_.facts_reader, shop_.settings,
                               shop_.journal_clock);
  const Incident incident = shop_.incident();
  const ContainerDetails owner = *shop_.docker.inspect("web");
  const WallTime asked_at = incident.attempts.back().requested_at;
  shop_.docker.fail_all(DockerFailureKind::failed);
  const auto is_waited_for = [&](std::chrono::nanoseconds back_after) {
    return sharers.follow(shop_.docker, incident, owner, asked_at + back_after)
        .look_again.has_value();
  };
  shop_.clock.advance(minutes(10));
  EXPECT_FALSE(is_waited_for(minutes(0)));
  EXPECT_TRUE(is_waited_for(minutes(6)));
  shop_.clock.advance(std::chrono::hours(24));
  EXPECT_FALSE(is_waited_for(std::chrono::hours(24)));
}

// ---- when the incident has ended

class NetworkSharersAfterwardsTest : public NetworkSharersDebtTest {
 protected:
  // And nobody asks for anything any more.
  void leave_stopped_until_the_end() {
    leave_stopped_with_its_owner();
    shop_.resolve(seconds(3));
    ASSERT_EQ(shop_.incident().outcome, IncidentOutcome::withdrawn);
    shop_.run(minutes(20));
    ASSERT_FALSE(sidecar_runs());
    ASSERT_TRUE(shop_.incident().owes);
  }
  void expect_settled_without_a_start() {
    shop_.run(minutes(1));
    EXPECT_FALSE(shop_.incident().owes);
    EXPECT_THAT(shop_.actions(), ElementsAre(kRestartOwner, kRestart, kStart));
  }
};

TEST_F(NetworkSharersAfterwardsTest, ItIsStartedAsSoonAsItsOwnerRuns) {
  leave_stopped_until_the_end();
  owner_comes_up();
  shop_.run(seconds(30));
  EXPECT_TRUE(sidecar_runs());
  EXPECT_THAT(shop_.actions(), ElementsAre(kRestartOwner, kRestart, kStart, kStart));
  EXPECT_EQ(last_decision().reason, "shared_network");
  EXPECT_EQ(last_decision().detail,
            "sidecar, which shares its network, was left stopped, and has been started");
  EXPECT_FALSE(shop_.incident().owes);
  EXPECT_EQ(shop_.incident().outcome, IncidentOutcome::withdrawn);
}

// Of the next attempt there will be none.
TEST_F(NetworkSharersAfterwardsTest, ItIsStartedAtOnceHoweverLongTheNextAttemptHadToWait) {
  RemediatorSettings settings = *shop_.settings.get();
  settings.incident.backoff_initial = settings.incident.backoff_longest = minutes(5);
  shop_.settings.set(settings);
  leave_stopped_with_its_owner();
  owner_comes_up();
  shop_.resolve(seconds(3));
  shop_.run(seconds(1));
  EXPECT_TRUE(sidecar_runs());
}

TEST_F(NetworkSharersAfterwardsTest, ItIsTriedUntilItRuns) {
  leave_stopped_until_the_end();
  owner_comes_up();
  shop_.docker.next_action({Effect::none, DockerFailureKind::failed, {}, 3});
  shop_.run(minutes(1));
  EXPECT_FALSE(sidecar_runs());
  shop_.run(minutes(2));
  EXPECT_TRUE(sidecar_runs());
}

TEST_F(NetworkSharersAfterwardsTest, ItIsGivenUpAfterADay) {
  leave_stopped_until_the_end();
  shop_.run(std::chrono::hours(24));
  EXPECT_FALSE(shop_.incident().owes);
  EXPECT_EQ(last_decision().reason, "given_up");
  EXPECT_EQ(last_decision().detail,
            "not put in order within a day, and given up; sidecar, which shares its network, may "
            "have been left stopped");
  owner_comes_up();
  shop_.run(minutes(10));
  EXPECT_FALSE(sidecar_runs());
}

TEST_F(NetworkSharersAfterwardsTest, AfterADayWithoutAProcessItIsNotStarted) {
  leave_stopped_until_the_end();
  shop_.clock.advance(std::chrono::hours(25));
  owner_comes_up();
  shop_.run(minutes(10));
  EXPECT_FALSE(sidecar_runs());
  EXPECT_EQ(last_decision().reason, "given_up");
}

TEST_F(NetworkSharersAfterwardsTest, APauseHoldsItsStart) {
  leave_stopped_until_the_end();
  const PauseTarget target{PauseScope::container, "box", "sidecar"};
  shop_.pause(target);
  owner_comes_up();
  shop_.run(minutes(5));
  EXPECT_FALSE(sidecar_runs()) << "somebody works on it";
  shop_.resume(target);
  shop_.run(seconds(30));
  EXPECT_TRUE(sidecar_runs());
}

TEST_F(NetworkSharersAfterwardsTest, WhatSomebodyElseHasStartedIsSettled) {
  leave_stopped_until_the_end();
  shop_.docker.change("sidecar", [&](ContainerDetails& it) {
    it.state = ContainerState::running;
    it.started_at = shop_.clock.wall_now();
  });
  expect_settled_without_a_start();
}

TEST_F(NetworkSharersAfterwardsTest, WhatWasRemovedIsSettled) {
  leave_stopped_until_the_end();
  shop_.docker.lose("sidecar");
  expect_settled_without_a_start();
}

TEST_F(NetworkSharersAfterwardsTest, OneWhoseOwnerWasRemovedCanNeverBeStarted) {
  leave_stopped_until_the_end();
  shop_.docker.lose("web");
  expect_settled_without_a_start();
  EXPECT_THAT(last_decision().detail, HasSubstr("never can be started"));
}

TEST_F(NetworkSharersAfterwardsTest, OneThatRanIsLookedAtOnceMore) {
  restart_owner();
  prove_owner();
  shop_.run(seconds(1));
  EXPECT_EQ(shop_.incident().outcome, IncidentOutcome::recovered);
  shop_.run(seconds(20));
  EXPECT_FALSE(shop_.incident().owes);
  EXPECT_THAT(shop_.actions(), ElementsAre(kRestartOwner, kRestart));
}

}  // namespace
}  // namespace selfheal
