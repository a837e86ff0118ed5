// What people have said, and attempts counted over time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remediator/journal/journal.h"
#include "tests/remediator/samples.h"
#include "tests/support/temp_folder.h"

namespace selfheal {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class PeopleRowsTest : public testing::Test {
 protected:
  void write(const std::function<void(JournalWriter&)>& change) {
    ASSERT_TRUE(journal_->write(change).ok());
  }
  std::vector<Pause> pauses(WallTime now) {
    std::vector<Pause> found;
    EXPECT_TRUE(journal_->read([&](JournalReader& reader) { found = reader.pauses(now); }).ok());
    return found;
  }
  Surroundings surroundings(WallTime now) {
    Surroundings found;
    EXPECT_TRUE(journal_
                    ->read([&](JournalReader& reader) {
                      found = reader.surroundings(waiting_incident(), now);
                    })
                    .ok());
    return found;
  }
  // Closed, so that the next one may be opened.
  void add_attempt(const std::string& container, WallTime requested_at) {
    write([&](JournalWriter& writer) {
      Incident incident = waiting_incident();
      incident.container = container;
      apply(incident, attempt_on(), requested_at, {});
      apply(incident, AttemptFailed{AttemptResult::no_effect, ""}, requested_at, {});
      incident.state = IncidentState::closed;
      incident.closed_at = requested_at;
      writer.save(incident);
    });
  }

  TempFolder folder_;
  std::unique_ptr<Journal> journal_ = *Journal::open(folder_.path("j.db"));
  const Pause of_web_{{PauseScope::container, "box", "web"}, "look", kNow, kNow + hours(1)};
};

TEST_F(PeopleRowsTest, APauseIsInForceUntilItEndsOrIsEnded) {
  write([&](JournalWriter& writer) { writer.begin_pause(of_web_); });
  ASSERT_THAT(pauses(kNow), SizeIs(1));
  EXPECT_EQ(pauses(kNow)[0].target, of_web_.target);
  EXPECT_EQ(pauses(kNow)[0].reason, "look");
  EXPECT_EQ(pauses(kNow)[0].ends_at, of_web_.ends_at);
  EXPECT_THAT(pauses(kNow + hours(1)), IsEmpty());
  write([&](JournalWriter& writer) {
    EXPECT_TRUE(writer.end_pause(of_web_.target, kNow + seconds(5)));
    EXPECT_FALSE(writer.end_pause(of_web_.target, kNow + seconds(6)));
  });
  EXPECT_THAT(pauses(kNow + seconds(6)), IsEmpty());
}

TEST_F(PeopleRowsTest, SaidAnewTheNewOneCounts) {
  Pause longer = of_web_;
  longer.ends_at.reset();
  write([&](JournalWriter& writer) {
    writer.begin_pause(of_web_);
    longer.began_at += hours(2);  // the first is over by itself by then
    writer.begin_pause(longer);
  });
  ASSERT_THAT(pauses(kNow + hours(100)), SizeIs(1));
  EXPECT_FALSE(pauses(kNow + hours(100))[0].ends_at.has_value());
}

TEST_F(PeopleRowsTest, OnlyPausesThatCoverTheContainerAreItsSurroundings) {
  write([&](JournalWriter& writer) {
    writer.begin_pause(of_web_);
    writer.begin_pause({{PauseScope::container, "box", "db"}, "", kNow, std::nullopt});
    writer.begin_pause({{PauseScope::group, "box", "shop/web"}, "", kNow, std::nullopt});
  });
  EXPECT_THAT(surroundings(kNow).pauses, SizeIs(2));
  EXPECT_THAT(pauses(kNow), SizeIs(3));
}

TEST_F(PeopleRowsTest, AttemptsAreCountedOverIncidents) {
  add_attempt("web", kNow - hours(25));
  add_attempt("web", kNow - hours(2));
  add_attempt("web", kNow - seconds(5));
  add_attempt("db", kNow - seconds(4));
  const Surroundings around = surroundings(kNow);
  EXPECT_THAT(around.attempts_of_container, ElementsAre(kNow - hours(2), kNow - seconds(5)));
  EXPECT_THAT(around.attempts_of_host, ElementsAre(kNow - seconds(5), kNow - seconds(4)));
}

TEST_F(PeopleRowsTest, AResetForgivesAContainersAttempts) {
  add_attempt("web", kNow - hours(2));
  add_attempt("db", kNow - hours(2));
  write([&](JournalWriter& writer) { writer.reset("box", "web", kNow - hours(1)); });
  EXPECT_THAT(surroundings(kNow).attempts_of_container, IsEmpty());
  add_attempt("web", kNow - seconds(5));
  EXPECT_THAT(surroundings(kNow).attempts_of_container, ElementsAre(kNow - seconds(5)));
  std::vector<AttemptCount> counts;
  ASSERT_TRUE(journal_
                  ->read([&](JournalReader& reader) {
                    counts = reader.attempt_counts(kNow - hours(24), kNow, hours(1));
                  })
                  .ok());
  ASSERT_THAT(counts, SizeIs(2));
  for (const AttemptCount& count : counts) {
    EXPECT_EQ(count.attempts_within_day, 1) << count.container;
    EXPECT_EQ(count.attempts_within_hour, count.container == "web" ? 1 : 0) << count.container;
  }
}

TEST_F(PeopleRowsTest, AResetOfAContainerThatIsNotKnownIsFine) {
  write([&](JournalWriter& writer) { writer.reset("box", "new", kNow); });
  EXPECT_THAT(surroundings(kNow).attempts_of_container, IsEmpty());
}

}  // namespace
}  // namespace selfheal
