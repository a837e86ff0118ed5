#include "remediator/journal/journal_rows.h"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/remediator/journal_rows_fixture.h"

namespace selfheal {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;
using testing::ElementsAre;

class JournalRowsTest : public JournalRowsFixture {};

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

}  // namespace
}  // namespace selfheal
