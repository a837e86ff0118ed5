// The gauges that are read from the journal at each scrape.
#include "remediator/view/journal_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/remediator/samples.h"
#include "tests/remediator/workshop.h"
#include "tests/support/metrics_text.h"

namespace selfheal {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr const char* kBreaker = "selfheal_remediator_breaker_open";

class JournalMetricsTest : public testing::Test {
 protected:
  MetricsText scrape() {
    std::string text;
    StringSink sink(text);
    MetricsWriter writer(MetricsFormat::text, sink);
    JournalMetrics(*shop_.journal, shop_.hosts, shop_.settings, shop_.clock).write(writer);
    writer.finish();
    return parse_metrics(text);
  }
  double breaker() { return scrape().value(kBreaker, {{"host", "box"}, {"container", "web"}}); }
  void heal(Health health) {
    shop_.prometheus.set([&](FakePrometheus::State& state) { state.health = health; });
  }

  Workshop shop_;
};

TEST_F(JournalMetricsTest, CountsWhatIsOpen) {
  EXPECT_EQ(scrape().value("selfheal_remediator_incidents_open"), 0);
  EXPECT_EQ(scrape().value("selfheal_remediator_docker_connected", {{"host", "box"}}), 1);
  shop_.fire();
  shop_.clock.advance(seconds(3));
  const MetricsText open = scrape();
  EXPECT_EQ(open.value("selfheal_remediator_incident_open", {{"container", "web"}}), 1);
  EXPECT_EQ(open.value("selfheal_remediator_incidents_open"), 1);
  EXPECT_EQ(open.value("selfheal_remediator_queue_length"), 1);
  EXPECT_EQ(open.value("selfheal_remediator_oldest_pending_seconds"), 3);
}

TEST_F(JournalMetricsTest, ABreakerHasASeriesWhileThereIsSomethingToSay) {
  EXPECT_FALSE(scrape().has(kBreaker));
  shop_.fire();
  EXPECT_EQ(breaker(), 0) << "an open incident, and attempts left";
  shop_.run(seconds(1));
  EXPECT_EQ(breaker(), 0);
  heal(Health::proven);
  shop_.run(seconds(1));
  ASSERT_EQ(shop_.incident().outcome, IncidentOutcome::recovered);
  EXPECT_FALSE(scrape().has(kBreaker));
}

TEST_F(JournalMetricsTest, ABreakerIsOpenFromTheEndOfTheLastAttemptUntilTenMinutesOfHealth) {
  shop_.fire();
  shop_.run(minutes(5));
  EXPECT_EQ(shop_.incident().reason, "attempts_used_up");
  EXPECT_EQ(breaker(), 1);
  shop_.run(minutes(10));
  EXPECT_EQ(shop_.incident().carried_attempts, 3) << "the first one has expired";
  EXPECT_EQ(breaker(), 1) << "which mends nothing";
  shop_.resolve(minutes(15) + seconds(3));
  EXPECT_EQ(breaker(), 1) << "not for long enough yet";
  shop_.clock.advance(minutes(10) - seconds(1));
  EXPECT_EQ(breaker(), 1);
  shop_.clock.advance(seconds(1));
  EXPECT_FALSE(scrape().has(kBreaker));
}

// Silenced, the alert is neither repeated nor resolved.
TEST_F(JournalMetricsTest, ABreakerStaysOpenWhenItsIncidentOnlyExpired) {
  shop_.fire();
  shop_.run(minutes(5));
  shop_.repeats = false;
  shop_.run(minutes(20));
  ASSERT_EQ(shop_.incident().outcome, IncidentOutcome::expired);
  EXPECT_EQ(breaker(), 1);
  shop_.clock.advance(std::chrono::hours(23));
  EXPECT_EQ(breaker(), 1);
  shop_.fire(seconds(3));
  EXPECT_EQ(breaker(), 0) << "another failure, and three attempts at it";
  shop_.resolve(seconds(3));
  EXPECT_FALSE(scrape().has(kBreaker));
}

TEST_F(JournalMetricsTest, TheLastAttemptMayWorkUntilItHasEnded) {
  RemediatorSettings once;
  once.guards.max_attempts = 1;
  shop_.settings.set(once);
  shop_.fire();
  shop_.run(seconds(1));
  ASSERT_EQ(shop_.incident().state, IncidentState::verifying);
  EXPECT_EQ(breaker(), 0);
  heal(Health::proven);
  shop_.run(seconds(1));
  ASSERT_EQ(shop_.incident().outcome, IncidentOutcome::recovered);
  EXPECT_EQ(breaker(), 1) << "the next failure will not be healed";
}

TEST_F(JournalMetricsTest, AReloadMayCloseABreaker) {
  shop_.fire();
  shop_.run(minutes(5));
  ASSERT_EQ(breaker(), 1);
  RemediatorSettings more;
  more.guards.max_attempts = 5;
  shop_.settings.set(more);
  EXPECT_EQ(breaker(), 0);
}

TEST_F(JournalMetricsTest, WithoutAJournalTheSeriesAreAbsent) {
  SqliteConnection(shop_.folder.path("journal.db"), SqliteConnection::Mode::read_write)
      .execute("ALTER TABLE incident RENAME TO elsewhere");
  const MetricsText scraped = scrape();
  EXPECT_EQ(scraped.samples.size(), 1u);
  EXPECT_EQ(scraped.value("selfheal_remediator_journal_writable"), 1);
}

}  // namespace
}  // namespace selfheal
