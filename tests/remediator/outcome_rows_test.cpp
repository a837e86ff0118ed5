// The outbox, as rows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remediator/journal/journal_rows.h"
#include "remediator/journal/migrations.h"
#include "tests/remediator/samples.h"
#include "tests/support/temp_folder.h"

namespace selfheal {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class OutcomeRowsTest : public testing::Test {
 protected:
  OutcomeRowsTest() {
    EXPECT_TRUE(migrate(connection_).ok());
    writer_.save(incident_);
  }
  OutcomeMessage message(int attempt, OutcomeKind kind = OutcomeKind::failed) const {
    OutcomeMessage made;
    made.incident = incident_.id;
    made.attempt = attempt;
    made.kind = kind;
    made.happened_at = kNow + nanoseconds(123);
    made.summary = "a summary";
    made.description = "it's \"described\"";
    made.reason = "not_healthy";
    made.attempts = std::to_string(attempt) + " of 3";
    return made;
  }
  std::vector<int> untold(int limit = 100) {
    std::vector<int> attempts;
    for (const OutcomeRow& row : writer_.untold_outcomes(limit))
      attempts.push_back(row.message.attempt);
    return attempts;
  }

  TempFolder folder_;
  SqliteConnection connection_{folder_.path("j.db"), SqliteConnection::Mode::read_write};
  JournalWriter writer_{connection_};
  Incident incident_ = waiting_incident();
};

TEST_F(OutcomeRowsTest, AMessageComesBackAsItWas) {
  writer_.add_outcome(message(2, OutcomeKind::breaker_open));
  const auto rows = writer_.untold_outcomes(1);
  ASSERT_THAT(rows, SizeIs(1));
  const OutcomeMessage& read = rows[0].message;
  EXPECT_EQ(read.incident, incident_.id);
  EXPECT_EQ(read.attempt, 2);
  EXPECT_EQ(read.kind, OutcomeKind::breaker_open);
  EXPECT_EQ(read.happened_at, kNow + nanoseconds(123));
  EXPECT_EQ(read.host, "box");
  EXPECT_EQ(read.container, "web");
  EXPECT_EQ(read.group, "shop/web");
  EXPECT_EQ(read.summary, "a summary");
  EXPECT_EQ(read.description, "it's \"described\"");
  EXPECT_EQ(read.reason, "not_healthy");
  EXPECT_EQ(read.attempts, "2 of 3");
  EXPECT_EQ(rows[0].told_at, std::nullopt);
}

// A command was run in a container, and the service that it is a task of is updated after it.
TEST_F(OutcomeRowsTest, WhatItIsAboutStaysWhateverBecomesOfTheIncident) {
  OutcomeMessage of_container = message(1);
  of_container.container = "web";
  writer_.add_outcome(of_container);
  writer_.add_outcome(message(2));  // of an older program, which did not write it down
  incident_.service = "service/web";
  writer_.save(incident_);
  const auto rows = writer_.untold_outcomes(2);
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_EQ(rows[0].message.container, "web");
  EXPECT_EQ(rows[1].message.container, "service/web");
}

TEST_F(OutcomeRowsTest, TheOldestIsTheFirstToTell) {
  for (const int attempt : {3, 1, 2}) writer_.add_outcome(message(attempt));
  EXPECT_THAT(untold(), ElementsAre(3, 1, 2));
  EXPECT_THAT(untold(2), ElementsAre(3, 1));
}

TEST_F(OutcomeRowsTest, WhatIsToldOrGivenUpIsLeftOutAndKept) {
  for (const int attempt : {1, 2, 3}) writer_.add_outcome(message(attempt));
  const auto rows = writer_.untold_outcomes(3);
  writer_.outcome_told(rows[0].id, kNow + seconds(1));
  writer_.outcome_given_up(rows[1].id, kNow + seconds(2));
  EXPECT_THAT(untold(), ElementsAre(3));
  const auto all = writer_.outcomes(incident_.id);
  ASSERT_THAT(all, SizeIs(3));
  EXPECT_EQ(all[0].told_at, kNow + seconds(1));
  EXPECT_EQ(all[0].given_up_at, std::nullopt);
  EXPECT_EQ(all[1].given_up_at, kNow + seconds(2));
  EXPECT_THAT(writer_.outcomes(4711), IsEmpty());
}

TEST_F(OutcomeRowsTest, TheSameOutcomeIsThereOnce) {
  writer_.add_outcome(message(1));
  writer_.outcome_told(writer_.untold_outcomes(1).at(0).id, kNow);
  writer_.add_outcome(message(1));
  EXPECT_THAT(untold(), IsEmpty());
  writer_.add_outcome(message(1, OutcomeKind::breaker_open));
  writer_.add_outcome(message(2));
  EXPECT_THAT(untold(), ElementsAre(1, 2));
}

TEST_F(OutcomeRowsTest, OneThatWasGivenUpIsAsNew) {
  writer_.add_outcome(message(1), kNow);
  EXPECT_THAT(untold(), IsEmpty()) << "there was nobody to tell";
  EXPECT_EQ(writer_.outcomes(incident_.id).at(0).given_up_at, kNow);
  OutcomeMessage again = message(1);
  again.description = "still so";
  writer_.add_outcome(again);
  EXPECT_THAT(untold(), ElementsAre(1));
  EXPECT_EQ(writer_.untold_outcomes(1).at(0).message.description, "still so");
}

TEST_F(OutcomeRowsTest, WhatIsGivenUpIsToldByTheNextIncident) {
  const auto told = [&] {
    const Incident read = *writer_.last_incident("box", "web");
    return std::pair(read.breaker_told, read.expiry_told);
  };
  writer_.add_outcome(message(3, OutcomeKind::breaker_open));
  writer_.add_outcome(message(3, OutcomeKind::expired));
  apply(incident_, LivedTooLong{}, kNow, {});
  writer_.save(incident_);
  Incident later = waiting_incident();
  later.breaker_told = later.expiry_told = true;
  writer_.save(later);
  Incident other = waiting_incident();
  other.container = "db";
  writer_.save(other);
  const auto rows = writer_.untold_outcomes(2);
  writer_.outcome_given_up(rows[0].id, kNow);
  EXPECT_EQ(told(), std::pair(false, true));
  writer_.outcome_told(rows[1].id, kNow);
  writer_.tell_anew();
  EXPECT_EQ(told(), std::pair(false, true)) << "what was told stays so";
}

TEST_F(OutcomeRowsTest, KindsAreReadBack) {
  int attempt = 0;
  for (const OutcomeKind kind : kOutcomeKinds) writer_.add_outcome(message(++attempt, kind));
  std::vector<OutcomeKind> kinds;
  for (const OutcomeRow& row : writer_.untold_outcomes(10)) kinds.push_back(row.message.kind);
  EXPECT_THAT(kinds, testing::ElementsAreArray(kOutcomeKinds));
}

}  // namespace
}  // namespace selfheal
