#include "remediator/intake/alert_intake.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/remediator/workshop.h"

namespace selfheal {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class AlertIntakeTest : public testing::Test {
 protected:
  ReceivedAlert alert(const std::string& container, const std::string& fingerprint,
                      AlertStatus status = AlertStatus::firing) {
    ReceivedAlert made = Workshop::alert(status, shop_.clock.wall_now());
    made.labels["container"] = container;
    made.fingerprint = fingerprint;
    return made;
  }
  ReceivedAlert for_people(const std::string& alertname) {
    ReceivedAlert made = alert("web", "p-" + alertname);
    made.labels["alertname"] = alertname;
    made.labels.erase("remediation");
    return made;
  }
  std::vector<std::string> open_containers() {
    std::vector<std::string> names;
    EXPECT_TRUE(shop_.journal
                    ->read([&](JournalReader& reader) {
                      for (const Incident& incident : reader.open_incidents())
                        names.push_back(incident.container);
                    })
                    .ok());
    return names;
  }
  // A failure that began now is healed, and closed as recovered.
  WallTime recover() {
    const WallTime began = shop_.clock.wall_now();
    shop_.fire(seconds(0));
    shop_.prometheus.set([](FakePrometheus::State& state) { state.health = Health::proven; });
    shop_.run(seconds(1));
    EXPECT_EQ(shop_.incident().outcome, IncidentOutcome::recovered);
    return began;
  }

  Workshop shop_;
};

TEST_F(AlertIntakeTest, AFiringAlertOpensAnIncidentAndWakes) {
  EXPECT_THAT(shop_.fire(), ElementsAre(1));
  const Incident incident = shop_.incident();
  EXPECT_EQ(incident.host, "box");
  EXPECT_EQ(incident.group, "shop/web");
  ASSERT_THAT(incident.alerts, SizeIs(1));
  EXPECT_EQ(incident.alerts[0].alertname, "ProbeFailing");
  EXPECT_EQ(incident.alerts[0].remediation, "restart");
  EXPECT_EQ(incident.alerts[0].first_received_at, shop_.clock.wall_now());
}

TEST_F(AlertIntakeTest, WithoutALabelForItAContainerIsItsOwnGroupUntilAnAlertNamesOne) {
  ReceivedAlert alert = Workshop::alert(AlertStatus::firing, shop_.clock.wall_now());
  alert.labels.erase("group");
  shop_.accept({alert});
  EXPECT_EQ(shop_.incident().group, "web");
  shop_.fire();
  EXPECT_EQ(shop_.incident().group, "shop/web");
  alert.fingerprint = "f2";
  shop_.accept({alert});
  EXPECT_EQ(shop_.incident().group, "shop/web");
}

TEST_F(AlertIntakeTest, ARepeatRenewsTheLeaseOfTheSameIncident) {
  shop_.fire(seconds(0));
  shop_.clock.advance(seconds(15));
  EXPECT_THAT(shop_.fire(seconds(15)), ElementsAre(1));
  EXPECT_EQ(shop_.incident().lease_until, shop_.clock.wall_now() + seconds(45));
  EXPECT_THAT(shop_.incident().alerts, SizeIs(1));
}

TEST_F(AlertIntakeTest, AMixedPayloadIsTakenAlertByAlert) {
  shop_.accept({alert("db", "d")});
  WebhookPayload payload;
  payload.alerts = {alert("web", "w"),   alert("db", "d", AlertStatus::resolved),
                    alert("cache", "c"), alert("gone", "g", AlertStatus::resolved),
                    for_people("Slow"),  alert("web", "w2")};
  payload.unreadable = {"alert 6: it has no labels"};
  payload.truncated = 2;
  const auto counts = shop_.intake->accept(payload);
  ASSERT_TRUE(counts.ok());
  EXPECT_EQ(counts->accepted, 4) << "web twice, db, cache";
  EXPECT_EQ(counts->ignored, 2) << "what resolved without an incident, and what is for people";
  EXPECT_THAT(open_containers(), testing::UnorderedElementsAre("web", "cache"));
  EXPECT_THAT(shop_.incident().alerts, SizeIs(2)) << "two alerts of one container, one incident";
  const std::string metrics = shop_.metrics_text();
  EXPECT_THAT(metrics, HasSubstr("alerts_received_total{status=\"firing\"} 5"));
  EXPECT_THAT(metrics, HasSubstr("alerts_received_total{status=\"resolved\"} 2"));
  EXPECT_THAT(metrics, HasSubstr("alerts_truncated_total 2"));
  EXPECT_THAT(metrics, HasSubstr("{decision=\"refuse\",reason=\"unreadable_alert\"} 1"));
}

TEST_F(AlertIntakeTest, APayloadIsOneTransaction) {
  shop_.accept({alert("db", "d")});
  SqliteConnection(shop_.folder.path("journal.db"), SqliteConnection::Mode::read_write)
      .execute(
          "CREATE TRIGGER no_cache BEFORE INSERT ON incident WHEN NEW.container = 'cache' "
          "BEGIN SELECT raise(ABORT, 'no cache'); END");
  WebhookPayload payload;
  payload.alerts = {alert("web", "w"), alert("db", "d", AlertStatus::resolved), alert("cache", "c"),
                    for_people("Watchdog")};
  const auto counts = shop_.intake->accept(payload);
  ASSERT_FALSE(counts.ok());
  EXPECT_THAT(counts.error().message, HasSubstr("no cache"));
  EXPECT_THAT(open_containers(), ElementsAre("db")) << "all of it or nothing";
  EXPECT_THAT(shop_.metrics_text(), HasSubstr("alerts_received_total{status=\"firing\"} 1"))
      << "what is sent again is not counted twice";
}

TEST_F(AlertIntakeTest, ResolvedWithdrawsWhatWaits) {
  shop_.fire();
  EXPECT_THAT(shop_.resolve(seconds(3)), ElementsAre(1));
  EXPECT_EQ(shop_.incident().outcome, IncidentOutcome::withdrawn);
  EXPECT_THAT(shop_.resolve(seconds(3)), IsEmpty());
  EXPECT_THAT(shop_.fire(), ElementsAre(2)) << "it may come back";
}

// A clustered Alertmanager's peer tells again, firing and resolved, of what is over.
TEST_F(AlertIntakeTest, AStaleDuplicateOfARecoveredFailureIsIgnored) {
  const WallTime began = recover();
  shop_.clock.advance(seconds(5));
  EXPECT_THAT(shop_.fire(shop_.clock.wall_now() - began), IsEmpty());
  EXPECT_THAT(open_containers(), IsEmpty());
  EXPECT_THAT(shop_.fire(seconds(1)), ElementsAre(2)) << "a later failure is none";
}

TEST_F(AlertIntakeTest, AStaleDuplicateDoesNotTouchALaterFailure) {
  const WallTime began = recover();
  shop_.clock.advance(minutes(1));
  shop_.prometheus.set([](FakePrometheus::State& state) { state.holds = {"storm"}; });
  shop_.fire(seconds(1));
  const WallTime lease = shop_.incident().lease_until;
  shop_.clock.advance(seconds(10));
  const IntakeCounts counts = shop_.accept(
      {Workshop::alert(AlertStatus::firing, began), Workshop::alert(AlertStatus::resolved, began)});
  EXPECT_EQ(counts.accepted, 0);
  EXPECT_EQ(shop_.incident().state, IncidentState::waiting) << "not withdrawn";
  EXPECT_EQ(shop_.incident().lease_until, lease) << "not renewed";
  EXPECT_THAT(shop_.incident().alerts, SizeIs(1));
}

TEST_F(AlertIntakeTest, AttemptsAreCarriedToTheNextIncident) {
  recover();
  shop_.clock.advance(minutes(2));
  shop_.fire(seconds(1));
  EXPECT_EQ(shop_.incident().carried_attempts, 1);
  shop_.resolve(seconds(1));
  shop_.clock.advance(minutes(20));
  shop_.fire(seconds(1));
  EXPECT_EQ(shop_.incident().carried_attempts, 0);
}

TEST_F(AlertIntakeTest, TheWatchdogIsSeenWhileItFires) {
  const auto seen = [](double at) {
    std::ostringstream text;
    text.precision(17);
    text << "watchdog_last_seen_timestamp_seconds " << at << "\n";
    return text.str();
  };
  EXPECT_THAT(shop_.metrics_text(), HasSubstr(seen(0)));
  ReceivedAlert watchdog = for_people("Watchdog");
  watchdog.labels.erase("host");
  shop_.accept({watchdog});
  const std::string first = seen(to_unix_seconds(shop_.clock.wall_now()));
  EXPECT_THAT(shop_.metrics_text(), HasSubstr(first));
  shop_.clock.advance(minutes(1));
  watchdog.status = AlertStatus::resolved;
  shop_.accept({watchdog});
  EXPECT_THAT(shop_.metrics_text(), HasSubstr(first)) << "its end is no sign of life";
}

}  // namespace
}  // namespace selfheal
