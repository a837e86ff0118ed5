#include "remediator/journal/journal_rows.h"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remediator/journal/migrations.h"
#include "tests/remediator/samples.h"
#include "tests/support/temp_folder.h"

namespace selfheal {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;
using testing::ElementsAre;

class JournalRowsTest : public testing::Test {
 protected:
  JournalRowsTest() { EXPECT_TRUE(migrate(connection_).ok()); }
  Incident& save(Incident& incident) {
    writer_.save(incident);
    return incident;
  }
  Incident saved(const std::string& container, WallTime due = kNow, WallTime opened = kNow) {
    Incident incident = waiting_incident();
    incident.container = container;
    incident.next_at = due;
    incident.opened_at = opened;
    return save(incident);
  }
  static std::vector<std::string> containers(const std::vector<Incident>& incidents) {
    std::vector<std::string> names;
    for (const Incident& incident : incidents) names.push_back(incident.container);
    return names;
  }

  TempFolder folder_;
  SqliteConnection connection_{folder_.path("j.db"), SqliteConnection::Mode::read_write};
  JournalWriter writer_{connection_};
  IncidentSettings settings_;
};

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

TEST_F(JournalRowsTest, AFullIncidentComesBackAsItWas) {
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

TEST_F(JournalRowsTest, EachIncidentHasAnIdOfItsOwn) {
  const Incident first = saved("a");
  Incident second = saved("b");
  EXPECT_GT(first.id, 0);
  EXPECT_EQ(second.id, first.id + 1);
  EXPECT_EQ(save(second).id, first.id + 1) << "saving again is an update";
  EXPECT_EQ(writer_.incident(4711), std::nullopt);
}

TEST_F(JournalRowsTest, OnlyOneIsOpenForEachContainer) {
  Incident first = saved("web");
  Incident second = waiting_incident();
  EXPECT_THROW(writer_.save(second), SqliteError);
  apply(first, AlertResolved{"f1"}, kNow, settings_);
  save(first);
  EXPECT_EQ(writer_.open_incident("box", "web"), std::nullopt);
  second.id = 0;
  save(second);
  EXPECT_EQ(writer_.open_incident("box", "web")->id, second.id);
  EXPECT_EQ(writer_.open_incident("other", "web"), std::nullopt);
  EXPECT_EQ(writer_.last_incident("box", "web")->id, second.id);
  EXPECT_EQ(writer_.last_incident("box", "db"), std::nullopt);
}

TEST_F(JournalRowsTest, TheQueueIsWhatIsOpenTheMostUrgentFirst) {
  const Incident late = saved("late", kNow + seconds(9));
  Incident closed = saved("closed", kNow);
  const Incident early = saved("early", kNow - seconds(9));
  apply(closed, AlertResolved{"f1"}, kNow, settings_);
  save(closed);
  const auto queue = writer_.queue(10);
  ASSERT_EQ(queue.size(), 2u);
  EXPECT_EQ(queue[0].incident_id, early.id);
  EXPECT_EQ(queue[0].next_at, kNow - seconds(9));
  EXPECT_EQ(queue[1].incident_id, late.id);
  EXPECT_EQ(writer_.queue(1).size(), 1u);
  EXPECT_THAT(containers(writer_.open_incidents()), ElementsAre("early", "late"));
}

// By whichever process: nothing else remembers it.
TEST_F(JournalRowsTest, WhatHasEndedAndOwesSomethingIsInTheQueueToo) {
  const Incident open = saved("open", kNow);
  Incident owing = saved("owing", kNow - seconds(9));
  Incident settled = saved("settled", kNow - seconds(8));
  for (Incident* incident : {&owing, &settled}) {
    apply(*incident, AlertResolved{"f1"}, kNow, settings_);
    incident->owes = incident == &owing;
    save(*incident);
  }
  const auto queue = writer_.queue(10);
  ASSERT_EQ(queue.size(), 2u);
  EXPECT_EQ(queue[0].incident_id, owing.id);
  EXPECT_EQ(queue[0].host, "box");
  EXPECT_EQ(queue[1].incident_id, open.id);
  EXPECT_THAT(writer_.queue(10, queue[0]), testing::SizeIs(1));
  EXPECT_THAT(containers(writer_.open_incidents()), ElementsAre("open"));
}

TEST_F(JournalRowsTest, AttemptsAreUnderWayUntilTheyAreSeenToWork) {
  Incident acting = saved("acting");
  Incident verifying = saved("verifying");
  Incident healthy = saved("healthy");
  Incident over = saved("over");
  saved("waiting");
  for (Incident* incident : {&acting, &verifying, &healthy, &over})
    apply(*incident, attempt_on(), kNow, settings_);
  for (Incident* incident : {&verifying, &healthy})
    apply(*incident, Acted{kNow}, kNow + seconds(2), settings_);
  apply(healthy, SeenHealthy{}, kNow, settings_);
  apply(over, AttemptFailed{AttemptResult::no_effect, ""}, kNow, settings_);
  for (Incident* incident : {&acting, &verifying, &healthy, &over}) save(*incident);
  std::vector<std::string> names;
  for (const AttemptUnderWay& one : writer_.attempts_under_way()) {
    EXPECT_EQ(one.host, "box");
    EXPECT_EQ(one.group, "shop/web");
    EXPECT_EQ(one.requested_at, kNow);
    EXPECT_EQ(one.stop_timeout, seconds(10));
    if (one.container == "verifying")
      EXPECT_EQ(one.acted_at, kNow + seconds(2));
    else
      EXPECT_EQ(one.acted_at, std::nullopt);
    names.push_back(one.container);
  }
  EXPECT_THAT(names, testing::UnorderedElementsAre("acting", "verifying"));
}

TEST_F(JournalRowsTest, AttemptsAreCountedByTheLastIncidentOfAContainer) {
  Incident earlier = saved("web");
  apply(earlier, attempt_on(), kNow, settings_);
  apply(earlier, Acted{kNow}, kNow, settings_);
  apply(earlier, Verified{}, kNow, settings_);
  save(earlier);
  const auto counts = [&](WallTime closed_after) {
    std::vector<std::string> texts;
    for (const AttemptCount& count : writer_.attempt_counts(closed_after, kNow, seconds(600)))
      texts.push_back(count.host + "/" + count.container + " " +
                      std::string(to_string(count.state)) + " " +
                      std::to_string(count.attempts_used));
    return texts;
  };
  EXPECT_THAT(counts(kNow - seconds(1)), ElementsAre("box/web closed 1"));
  EXPECT_THAT(counts(kNow), testing::IsEmpty()) << "forgotten";
  Incident later = waiting_incident();
  later.carried_attempts = 1;
  apply(later, attempt_on(), kNow, settings_);
  save(later);
  saved("db");
  EXPECT_THAT(counts(kNow - seconds(1)),
              testing::UnorderedElementsAre("box/web acting 2", "box/db waiting 0"));
}

TEST_F(JournalRowsTest, IncidentsAreFiltered) {
  Incident closed = saved("a", kNow, kNow - seconds(100));
  apply(closed, AlertResolved{"f1"}, kNow, settings_);
  save(closed);
  Incident acting = saved("b", kNow, kNow - seconds(50));
  apply(acting, attempt_on(), kNow, settings_);
  save(acting);
  saved("c");
  const auto listed = [&](const std::function<void(IncidentFilter&)>& choose) {
    IncidentFilter filter;
    choose(filter);
    return containers(writer_.incidents(filter));
  };
  EXPECT_THAT(listed([](auto&) {}), ElementsAre("c", "b", "a")) << "the newest first";
  EXPECT_THAT(listed([](auto& filter) { filter.container = "b"; }), ElementsAre("b"));
  EXPECT_THAT(listed([](auto& filter) { filter.state = "open"; }), ElementsAre("c", "b"));
  EXPECT_THAT(listed([](auto& filter) { filter.state = "closed"; }), ElementsAre("a"));
  EXPECT_THAT(listed([](auto& filter) { filter.state = "acting"; }), ElementsAre("b"));
  EXPECT_THAT(listed([](auto& filter) { filter.since = kNow - seconds(50); }),
              ElementsAre("c", "b"));
  EXPECT_THAT(listed([](auto& filter) { filter.limit = 1; }), ElementsAre("c"));
  EXPECT_THAT(listed([](auto& filter) { filter.container = "' OR 1 --"; }), testing::IsEmpty());
}

TEST_F(JournalRowsTest, DecisionsComeInTheirOrder) {
  const Incident incident = saved("web");
  const Incident other = saved("db");
  writer_.add_decision(incident.id, {kNow, "wait", "hold", "storm", "{}"});
  writer_.add_decision(other.id, {kNow, "act", "due", "", "{}"});
  writer_.add_decision(incident.id, {kNow + seconds(5), "act", "due", "restart", "{\"a\":1}"});
  const auto decisions = writer_.decisions(incident.id);
  ASSERT_EQ(decisions.size(), 2u);
  EXPECT_EQ(decisions[0].decided_at, kNow);
  EXPECT_EQ(decisions[0].verdict, "wait");
  EXPECT_EQ(decisions[0].reason, "hold");
  EXPECT_EQ(decisions[0].detail, "storm");
  EXPECT_EQ(decisions[1].facts, "{\"a\":1}");
}

TEST_F(JournalRowsTest, AFailureThatRecoveredIsKnown) {
  Incident incident = saved("web");
  const WallTime began = incident.alerts[0].starts_at;
  EXPECT_FALSE(writer_.already_recovered("f1", began)) << "still open";
  apply(incident, attempt_on(), kNow, settings_);
  apply(incident, Acted{kNow}, kNow, settings_);
  apply(incident, Verified{}, kNow, settings_);
  save(incident);
  EXPECT_TRUE(writer_.already_recovered("f1", began));
  EXPECT_FALSE(writer_.already_recovered("f1", began + nanoseconds(1))) << "a later failure";
  EXPECT_FALSE(writer_.already_recovered("f2", began));
}

TEST_F(JournalRowsTest, AWithdrawnFailureMayComeBack) {
  Incident incident = saved("web");
  apply(incident, AlertResolved{"f1"}, kNow, settings_);
  save(incident);
  EXPECT_FALSE(writer_.already_recovered("f1", incident.alerts[0].starts_at));
}

TEST_F(JournalRowsTest, OfAFlappingAlertTheNewestFailuresAreRead) {
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
