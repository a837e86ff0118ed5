// An engine that is another one than the configuration says, in the midst of an attempt: a host
// that was renamed, or an address that leads elsewhere for a while.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/exporter/eventually.h"
#include "tests/remediator/samples.h"
#include "tests/remediator/workshop.h"

namespace selfheal {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class HostFaultTest : public testing::Test {
 protected:
  // The engine's name is asked for all the time.
  HostFaultTest() {
    hosts_.start(Milliseconds(20'000));
    shop_.facts_reader = std::make_unique<FactsReader>(hosts_, &shop_.prometheus);
    shop_.runner = std::make_unique<AttemptRunner>(
        *shop_.journal, hosts_, &shop_.prometheus, *shop_.facts_reader, shop_.recorder,
        shop_.settings, shop_.metrics, shop_.journal_clock);
  }
  void call_engine(const std::string& name) {
    shop_.docker.set_host(name);
    ASSERT_TRUE(eventually([&] { return hosts_.find("box").engine_host == name; }));
  }
  // An attempt that has left it stopped, when the engine was swapped.
  void begin_and_swap() {
    EXPECT_TRUE(shop_.journal->write([](JournalWriter& writer) {
      Incident incident = waiting_incident();
      apply(incident, attempt_on(), kNow, IncidentSettings{});
      writer.save(incident);
    }));
    shop_.docker.change("web", [](ContainerDetails& web) {
      web.state = ContainerState::exited;
      web.finished_at = kNow + seconds(1);
    });
    call_engine("elsewhere");
  }
  Attempt last_attempt() { return shop_.incident().attempts.back(); }

  Workshop shop_;
  DockerHosts hosts_{{borrowed(shop_.docker, "box")}, shop_.journal_clock, Milliseconds(1)};
};

TEST_F(HostFaultTest, WhatWasLeftStoppedIsStartedWhenItIsTheRightOneAgain) {
  begin_and_swap();
  EXPECT_EQ(shop_.step(), shop_.clock.wall_now() + seconds(1));
  shop_.run(minutes(20));
  EXPECT_EQ(shop_.incident().state, IncidentState::acting);
  EXPECT_THAT(shop_.actions(), IsEmpty());
  call_engine("box");
  shop_.run(seconds(2));
  EXPECT_THAT(shop_.actions(), ElementsAre("start id-of-web"));
  EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
}

TEST_F(HostFaultTest, AVerificationWaitsForTheRightOne) {
  shop_.fire();
  shop_.run(seconds(1));
  ASSERT_EQ(shop_.incident().state, IncidentState::verifying);
  call_engine("elsewhere");
  shop_.run(minutes(2));
  EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
  call_engine("box");
  shop_.prometheus.set([](FakePrometheus::State& state) { state.health = Health::proven; });
  shop_.run(seconds(2));
  EXPECT_EQ(shop_.incident().outcome, IncidentOutcome::recovered);
}

TEST_F(HostFaultTest, AVerificationDoesNotWaitForEver) {
  shop_.fire();
  shop_.run(seconds(1));
  call_engine("elsewhere");
  shop_.run(minutes(11));
  EXPECT_EQ(last_attempt().result, AttemptResult::unknown);
  EXPECT_THAT(last_attempt().detail, HasSubstr("it calls itself \"elsewhere\""));
}

TEST_F(HostFaultTest, WhatAnEndedIncidentOwesIsAskedForMoreAndMoreRarelyAndGivenUp) {
  EXPECT_TRUE(shop_.journal->write([](JournalWriter& writer) {
    Incident incident = waiting_incident();
    incident.owes = true;
    apply(incident, AlertResolved{"f1"}, kNow, IncidentSettings{});
    writer.save(incident);
  }));
  call_engine("elsewhere");
  EXPECT_EQ(shop_.step(), shop_.clock.wall_now() + seconds(5));
  shop_.clock.advance(minutes(20));
  EXPECT_EQ(shop_.step(), shop_.clock.wall_now() + seconds(30));
  shop_.clock.advance(std::chrono::hours(24));
  EXPECT_EQ(shop_.step(), std::nullopt);
  EXPECT_FALSE(shop_.incident().owes);
  ASSERT_EQ(shop_.decisions().size(), 1u);
  EXPECT_THAT(shop_.decisions().back().detail, HasSubstr("it calls itself \"elsewhere\""));
}

}  // namespace
}  // namespace selfheal
