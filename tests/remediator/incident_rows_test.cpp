// That an incident comes back from the journal as it was written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/remediator/journal_rows_fixture.h"

namespace selfheal {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

class IncidentRowsTest : public JournalRowsFixture {};

void expect_same(const Attempt& a, const Attempt& b) {
  EXPECT_EQ(a.number, b.number);
  EXPECT_EQ(a.action, b.action);
  EXPECT_EQ(a.container_id, b.container_id);
  EXPECT_EQ(a.started_before, b.started_before);
  EXPECT_EQ(a.stop_timeout, b.stop_timeout);
  EXPECT_EQ(a.requested_at, b.requested_at);
  EXPECT_EQ(a.acted_at, b.acted_at);
  EXPECT_EQ(a.started_after, b.started_after);
  EXPECT_EQ(a.seen_healthy_at, b.seen_healthy_at);
  EXPECT_EQ(a.ended_at, b.ended_at);
  EXPECT_EQ(a.result, b.result);
  EXPECT_EQ(a.detail, b.detail);
}

void expect_same(const IncidentAlert& a, const IncidentAlert& b) {
  EXPECT_EQ(a.fingerprint, b.fingerprint);
  EXPECT_EQ(a.starts_at, b.starts_at);
  EXPECT_EQ(a.alertname, b.alertname);
  EXPECT_EQ(a.remediation, b.remediation);
  EXPECT_EQ(a.firing, b.firing);
  EXPECT_EQ(a.first_received_at, b.first_received_at);
  EXPECT_EQ(a.last_received_at, b.last_received_at);
}

void expect_same(const Incident& a, const Incident& b) {
  EXPECT_EQ(a.id, b.id);
  EXPECT_EQ(a.host, b.host);
  EXPECT_EQ(a.container, b.container);
  EXPECT_EQ(a.group, b.group);
  EXPECT_EQ(a.state, b.state);
  EXPECT_EQ(a.outcome, b.outcome);
  EXPECT_EQ(a.opened_at, b.opened_at);
  EXPECT_EQ(a.closed_at, b.closed_at);
  EXPECT_EQ(a.lease_until, b.lease_until);
  EXPECT_EQ(a.waiting_since, b.waiting_since);
  EXPECT_EQ(a.next_at, b.next_at);
  EXPECT_EQ(a.carried_attempts, b.carried_attempts);
  EXPECT_EQ(a.last_attempt_ended_at, b.last_attempt_ended_at);
  EXPECT_EQ(a.last_attempt_seen_healthy, b.last_attempt_seen_healthy);
  EXPECT_EQ(a.breaker_told, b.breaker_told);
  EXPECT_EQ(a.expiry_told, b.expiry_told);
  EXPECT_EQ(a.owes, b.owes);
  EXPECT_EQ(a.reason, b.reason);
  EXPECT_EQ(a.detail, b.detail);
  ASSERT_EQ(a.alerts.size(), b.alerts.size());
  for (size_t i = 0; i < a.alerts.size(); ++i) expect_same(a.alerts[i], b.alerts[i]);
  ASSERT_EQ(a.attempts.size(), b.attempts.size());
  for (size_t i = 0; i < a.attempts.size(); ++i) expect_same(a.attempts[i], b.attempts[i]);
}

TEST_F(IncidentRowsTest, AFullIncidentComesBackAsItWas) {
  const auto at = [](int s) { return kNow + seconds(s) + nanoseconds(123'456'789); };
  Incident incident = waiting_incident(settings_);
  incident.carried_attempts = 2;
  incident.breaker_told = incident.owes = true;
  apply(incident, fired(at(-1), at(0), "f2"), at(0), settings_);
  AttemptStarted started = attempt_on();
  started.attempt.stop_timeout = seconds(33);
  apply(incident, started, at(1), settings_);
  expect_same(*writer_.incident(save(incident).id), incident);
  apply(incident, Acted{at(2)}, at(2), settings_);
  incident.expiry_told = true;
  apply(incident, AttemptFailed{AttemptResult::not_healthy, "503 \"twice\" ' \n ü"}, at(60),
        settings_);
  expect_same(*writer_.incident(save(incident).id), incident);
  apply(incident, attempt_on(), at(70), settings_);
  apply(incident, Acted{at(71)}, at(71), settings_);
  apply(incident, SeenHealthy{}, at(72), settings_);
  apply(incident, Verified{}, at(81), settings_);
  expect_same(*writer_.incident(save(incident).id), incident);
}

TEST_F(IncidentRowsTest, EachIncidentHasAnIdOfItsOwn) {
  const Incident first = saved("a");
  Incident second = saved("b");
  EXPECT_GT(first.id, 0);
  EXPECT_EQ(second.id, first.id + 1);
  EXPECT_EQ(save(second).id, first.id + 1) << "saving again is an update";
  EXPECT_EQ(writer_.incident(4711), std::nullopt);
}

TEST_F(IncidentRowsTest, OfAFlappingAlertTheNewestFailuresAreRead) {
  Incident incident = saved("web");
  for (int i = 1; i <= 100; ++i) {
    const WallTime at = kNow + seconds(i);
    apply(incident, fired(at, at), at, settings_);
  }
  save(incident);
  const auto read = writer_.incident(incident.id);
  ASSERT_EQ(read->alerts.size(), 32u);
  ASSERT_NE(read->newest_firing(), nullptr);
  EXPECT_EQ(read->newest_firing()->starts_at, kNow + seconds(100));
}

}  // namespace
}  // namespace selfheal
