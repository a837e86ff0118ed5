// A process that died in the middle of an attempt, and a journal that can't be written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/remediator/samples.h"
#include "tests/remediator/workshop.h"

namespace selfheal {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;
using Effect = FakeDocker::Effect;

constexpr const char* kRestart = "restart id-of-web t=10";

class AttemptAtBootTest : public testing::Test {
 protected:
  // As the journal is after a SIGKILL between "about to restart" and the answer.
  AttemptAtBootTest() {
    const auto written = shop_.journal->write([](JournalWriter& writer) {
      Incident incident = waiting_incident();
      apply(incident, attempt_on(), kNow, IncidentSettings{});
      writer.save(incident);
    });
    EXPECT_TRUE(written.ok());
  }
  Attempt last_attempt() { return shop_.incident().attempts.back(); }

  Workshop shop_;
};

TEST_F(AttemptAtBootTest, AContainerThatWasRestartedIsVerifiedAndNotRestartedAgain) {
  const WallTime restarted = kNow + Milliseconds(300);
  shop_.docker.change("web", [&](ContainerDetails& web) { web.started_at = restarted; });
  shop_.clock.advance(seconds(2));
  shop_.step();
  EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
  EXPECT_EQ(last_attempt().started_after, restarted);
  shop_.prometheus.set([](FakePrometheus::State& state) { state.health = Health::proven; });
  shop_.run(seconds(1));
  EXPECT_EQ(shop_.incident().outcome, IncidentOutcome::recovered);
  EXPECT_THAT(shop_.actions(), IsEmpty());
}

TEST_F(AttemptAtBootTest, AnUntouchedContainerIsWatchedUntilNothingCanComeAnyMore) {
  shop_.run(Milliseconds(24'900));
  EXPECT_EQ(shop_.incident().state, IncidentState::acting);
  EXPECT_THAT(shop_.actions(), IsEmpty());
  shop_.run(Milliseconds(300));
  EXPECT_EQ(last_attempt().result, AttemptResult::no_effect);
  EXPECT_EQ(shop_.incident().attempts_used(), 1) << "it may have been the engine's fault";
  EXPECT_THAT(shop_.actions(), IsEmpty());
}

TEST_F(AttemptAtBootTest, AContainerLeftStoppedIsStarted) {
  shop_.docker.change("web", [](ContainerDetails& web) { web.state = ContainerState::exited; });
  shop_.run(Milliseconds(0));
  EXPECT_THAT(shop_.actions(), ElementsAre("start id-of-web"));
  EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
  EXPECT_EQ(shop_.incident().attempts.size(), 1u);
}

TEST_F(AttemptAtBootTest, AnEngineThatIsNotUpYetIsWaitedFor) {
  shop_.docker.fail_all(DockerFailureKind::unreachable);
  shop_.run(seconds(60));
  EXPECT_EQ(shop_.incident().state, IncidentState::acting);
  shop_.docker.fail_all(std::nullopt);
  shop_.docker.change("web", [](ContainerDetails& web) { web.started_at = kNow + seconds(1); });
  shop_.run(seconds(2));
  EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
  EXPECT_THAT(shop_.actions(), IsEmpty());
}

TEST_F(AttemptAtBootTest, AContainerThatWasRemovedIsGone) {
  shop_.docker.lose("web");
  shop_.step();
  EXPECT_EQ(last_attempt().result, AttemptResult::container_gone);
}

TEST(AttemptWithoutJournal, NothingIsDoneThatCantBeWrittenDown) {
  Workshop shop;
  shop.fire();
  shop.break_journal();
  const auto again = shop.step();
  EXPECT_THAT(shop.actions(), IsEmpty());
  EXPECT_EQ(again, shop.clock.wall_now() + seconds(1));
  EXPECT_EQ(shop.incident().state, IncidentState::waiting);
  shop.run(seconds(5));
  EXPECT_THAT(shop.actions(), IsEmpty());
  shop.mend_journal();
  shop.run(seconds(1));
  EXPECT_THAT(shop.actions(), ElementsAre(kRestart));
}

TEST(AttemptWithoutJournal, AfterTheActionItComesBackAndDoesNotActAgain) {
  Workshop shop;
  shop.repeats = false;
  shop.docker.next_action({Effect::restarts, {}, [&] { shop.break_journal(); }});
  shop.fire();
  EXPECT_EQ(shop.step(), shop.clock.wall_now() + seconds(1));
  EXPECT_EQ(shop.incident().state, IncidentState::acting);
  shop.run(seconds(30));
  EXPECT_EQ(shop.incident().state, IncidentState::acting);
  shop.mend_journal();
  shop.run(seconds(1));
  EXPECT_EQ(shop.incident().state, IncidentState::verifying);
  EXPECT_THAT(shop.actions(), ElementsAre(kRestart));
}

TEST(AttemptWithoutJournal, ProofIsAskedForAgain) {
  Workshop shop;
  shop.repeats = false;
  shop.fire();
  shop.step();
  shop.prometheus.set([](FakePrometheus::State& state) { state.health = Health::proven; });
  shop.break_journal();
  shop.run(seconds(5));
  EXPECT_EQ(shop.incident().state, IncidentState::verifying);
  shop.mend_journal();
  shop.run(seconds(1));
  EXPECT_EQ(shop.incident().outcome, IncidentOutcome::recovered);
}

TEST(AttemptWithoutJournal, AJournalThatCantBeReadIsTriedAgain) {
  Workshop shop;
  shop.fire();
  SqliteConnection other(shop.folder.path("journal.db"), SqliteConnection::Mode::read_write);
  other.execute("ALTER TABLE attempt RENAME TO elsewhere");
  EXPECT_EQ(shop.runner->step(1), shop.clock.wall_now() + seconds(1));
  EXPECT_THAT(shop.actions(), IsEmpty());
  other.execute("ALTER TABLE elsewhere RENAME TO attempt");
  shop.step();
  EXPECT_THAT(shop.actions(), ElementsAre(kRestart));
}

}  // namespace
}  // namespace selfheal
