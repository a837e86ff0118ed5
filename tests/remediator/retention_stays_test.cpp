// What retention leaves in the journal however old it is, because something depends on it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/remediator/retention_fixture.h"

namespace selfheal {
namespace {

using testing::ElementsAre;

class RetentionStaysTest : public RetentionFixture {
 protected:
  // People were told of it, as the first outcome of all, when the incident was young.
  void tell_of_open_breaker(int64_t incident) {
    write([&](JournalWriter& writer) {
      OutcomeMessage message;
      message.incident = incident;
      message.kind = OutcomeKind::breaker_open;
      writer.add_outcome(message);
      writer.outcome_told(1, kNow - kDay * 100);
      return 0;
    });
  }
};

TEST_F(RetentionStaysTest, OpenOnesStayHoweverOld) {
  const int64_t open = opened("web", kDay * 1000);
  const int64_t newest = closed("db", hours(1));
  keep(kDay, 1);
  EXPECT_EQ(pass(), 0);
  EXPECT_THAT(ids(), ElementsAre(open, newest));
}

TEST_F(RetentionStaysTest, WhatOwesSomethingStaysHoweverOld) {
  const int64_t owing = closed("web", kDay * 1000);
  const int64_t settled = closed("db", kDay * 1000);
  const int64_t last = closed("last", kDay * 1000);
  execute("UPDATE incident SET owes = 1 WHERE id = " + std::to_string(owing));
  EXPECT_EQ(pass(), 1);
  EXPECT_THAT(ids(), ElementsAre(owing, last)) << "and not " << settled;
}

TEST_F(RetentionStaysTest, NoNumberIsGivenTwice) {
  closed("web", kDay * 200);
  const int64_t newest = closed("web", kDay * 100);
  EXPECT_EQ(pass(), 1);
  EXPECT_THAT(ids(), ElementsAre(newest)) << "it goes when there is a newer one";
  EXPECT_EQ(closed("web", kDay * 99), newest + 1);
  EXPECT_EQ(pass(), 1);
}

TEST_F(RetentionStaysTest, WhatStillCountsStays) {
  closed("web", hours(30));
  const int64_t last = closed("web", hours(23));
  const int64_t attempted = closed("db", hours(30));
  execute("INSERT INTO attempt VALUES (" + std::to_string(attempted) +
          ", 1, 'restart', 'id', 1, 10, " + std::to_string(to_unix_ns(kNow - hours(2))) +
          ", 1, 1, 1, 1, 'verified', '', '', 0)");
  closed("db", hours(29));
  const int64_t newest = closed("cache", hours(1));
  keep(kDay, 1);
  EXPECT_EQ(pass(), 2);
  EXPECT_THAT(ids(), ElementsAre(last, attempted, newest)) << "a breaker, a budget, and the newest";
}

TEST_F(RetentionStaysTest, ABreakerThatMayStayOpenForLongerKeepsItsIncident) {
  const int64_t last = closed("web", kDay * 100);
  const int64_t newest = closed("db", hours(1));
  RemediatorSettings settings;
  settings.incident.healthy_reset = kDay * 365;
  settings_.set(settings);
  EXPECT_EQ(pass(), 0);
  EXPECT_THAT(ids(), ElementsAre(last, newest));
}

TEST_F(RetentionStaysTest, WhatIsStillToBeToldStays) {
  const int64_t untold = closed("web", kDay * 100);
  const int64_t told = closed("db", kDay * 100);
  const int64_t newest = closed("cache", kDay);
  for (const int64_t id : {untold, told})
    write([&](JournalWriter& writer) {
      OutcomeMessage message;
      message.incident = id;
      writer.add_outcome(message);
      return 0;
    });
  write([](JournalWriter& writer) {
    writer.outcome_told(2, kNow);
    return 0;
  });
  EXPECT_EQ(pass(), 1);
  EXPECT_THAT(ids(), ElementsAre(untold, newest));
}

// Else the breaker would be told once more.
TEST_F(RetentionStaysTest, WhatALaterIncidentReliesOnHavingBeenToldStays) {
  const int64_t first = closed("web", kDay * 100);
  tell_of_open_breaker(first);
  closed("web", kDay * 99);
  const int64_t open = opened("web", hours(1));
  execute("UPDATE incident SET breaker_told = 1 WHERE id = " + std::to_string(open));
  EXPECT_EQ(pass(), 1);
  EXPECT_THAT(ids(), ElementsAre(first, open));
  execute("UPDATE incident SET breaker_told = 0 WHERE id = " + std::to_string(open));
  EXPECT_EQ(pass(), 1);
}

TEST_F(RetentionStaysTest, OfAServicesBreakerAnotherOfItsContainersMayRelyOnIt) {
  const int64_t first = closed("web.1.a", kDay * 100);
  tell_of_open_breaker(first);
  const int64_t open = opened("web.1.b", hours(1));
  execute("UPDATE incident SET service = 'service/web'");
  execute("UPDATE incident SET breaker_told = 1 WHERE id = " + std::to_string(open));
  EXPECT_EQ(pass(), 0);
  execute("UPDATE incident SET service = 'service/other' WHERE id = " + std::to_string(open));
  EXPECT_EQ(pass(), 1);
}

}  // namespace
}  // namespace selfheal
