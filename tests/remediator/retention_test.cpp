#include "remediator/journal/retention.h"

#include <future>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remediator/journal/retention_rows.h"
#include "tests/remediator/samples.h"
#include "tests/support/temp_folder.h"

namespace selfheal {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr hours kDay{24};

class RetentionTest : public testing::Test {
 protected:
  RetentionTest() {
    auto opened = Journal::open(folder_.path("journal.db"));
    EXPECT_TRUE(opened.ok());
    journal_ = *std::move(opened);
  }
  // Closed `ago`, with a decision and an alert. Its id.
  int64_t closed(const std::string& container, hours ago, size_t size = 10) {
    return write([&](JournalWriter& writer) {
      Incident incident = waiting_incident();
      incident.container = container;
      incident.state = IncidentState::closed;
      incident.opened_at = incident.next_at = kNow - ago - minutes(1);
      incident.closed_at = kNow - ago;
      writer.save(incident);
      writer.add_decision(incident.id, {kNow, "act", "", "", std::string(size, 'x')});
      return incident.id;
    });
  }
  int64_t opened(const std::string& container, hours ago) {
    return write([&](JournalWriter& writer) {
      Incident incident = waiting_incident();
      incident.container = container;
      incident.opened_at = kNow - ago;
      writer.save(incident);
      return incident.id;
    });
  }
  template <class Change>
  int64_t write(const Change& change) {
    int64_t id = 0;
    EXPECT_TRUE(journal_->write([&](JournalWriter& writer) { id = change(writer); }).ok());
    return id;
  }
  std::vector<int64_t> ids() {
    std::vector<int64_t> all;
    IncidentFilter every;
    every.limit = 1'000'000;
    EXPECT_TRUE(journal_
                    ->read([&](JournalReader& reader) {
                      for (const Incident& incident : reader.incidents(every))
                        all.insert(all.begin(), incident.id);
                    })
                    .ok());
    return all;
  }
  int64_t number(const char* sql) {
    return SqliteConnection(folder_.path("journal.db"), SqliteConnection::Mode::read_only)
        .number(sql);
  }
  void execute(const std::string& sql) {
    SqliteConnection(folder_.path("journal.db"), SqliteConnection::Mode::read_write).execute(sql);
  }
  int pass() { return Retention(*journal_, settings_, clock_).pass(); }
  void keep(Milliseconds age, int max_bytes = 512 << 20) {
    RemediatorSettings settings;
    settings.retention = {age, max_bytes};
    settings_.set(settings);
  }
  int64_t in_use() {
    return write([](JournalWriter& writer) { return RetentionRows(writer).bytes_in_use(); });
  }

  TempFolder folder_;
  ManualClock clock_;
  CurrentSettings settings_{RemediatorSettings{}};
  std::unique_ptr<Journal> journal_;
};

TEST_F(RetentionTest, WhatIsOlderGoesWithAllThatHangsOnIt) {
  const int64_t old = closed("web", kDay * 91);
  execute("INSERT INTO evidence VALUES (" + std::to_string(old) + ", 1, 1, 'seen')");
  const int64_t young = closed("web", kDay * 89);
  const int64_t newest = closed("db", kDay);
  EXPECT_EQ(pass(), 1);
  EXPECT_THAT(ids(), ElementsAre(young, newest));
  EXPECT_EQ(number("SELECT count(*) FROM decision"), 2);
  EXPECT_EQ(number("SELECT count(*) FROM alert"), 2);
  EXPECT_EQ(number("SELECT count(*) FROM evidence"), 0);
  EXPECT_EQ(pass(), 0);
}

TEST_F(RetentionTest, ManyGoInSeveralTransactions) {
  for (int i = 0; i < kIncidentsAtOnce * 2 + 7; ++i) closed("web", kDay * 100);
  const int64_t newest = closed("db", kDay);
  EXPECT_EQ(pass(), kIncidentsAtOnce * 2 + 7);
  EXPECT_THAT(ids(), ElementsAre(newest));
}

TEST_F(RetentionTest, OpenOnesStayHoweverOld) {
  const int64_t open = opened("web", kDay * 1000);
  const int64_t newest = closed("db", hours(1));
  keep(kDay, 1);
  EXPECT_EQ(pass(), 0);
  EXPECT_THAT(ids(), ElementsAre(open, newest));
}

TEST_F(RetentionTest, WhatOwesSomethingStaysHoweverOld) {
  const int64_t owing = closed("web", kDay * 1000);
  const int64_t settled = closed("db", kDay * 1000);
  const int64_t last = closed("last", kDay * 1000);
  execute("UPDATE incident SET owes = 1 WHERE id = " + std::to_string(owing));
  EXPECT_EQ(pass(), 1);
  EXPECT_THAT(ids(), ElementsAre(owing, last)) << "and not " << settled;
}

TEST_F(RetentionTest, NoNumberIsGivenTwice) {
  closed("web", kDay * 200);
  const int64_t newest = closed("web", kDay * 100);
  EXPECT_EQ(pass(), 1);
  EXPECT_THAT(ids(), ElementsAre(newest)) << "it goes when there is a newer one";
  EXPECT_EQ(closed("web", kDay * 99), newest + 1);
  EXPECT_EQ(pass(), 1);
}

TEST_F(RetentionTest, WhatStillCountsStays) {
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

TEST_F(RetentionTest, ABreakerThatMayStayOpenForLongerKeepsItsIncident) {
  const int64_t last = closed("web", kDay * 100);
  const int64_t newest = closed("db", hours(1));
  RemediatorSettings settings;
  settings.incident.healthy_reset = kDay * 365;
  settings_.set(settings);
  EXPECT_EQ(pass(), 0);
  EXPECT_THAT(ids(), ElementsAre(last, newest));
}

TEST_F(RetentionTest, WhatIsStillToBeToldStays) {
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
TEST_F(RetentionTest, WhatALaterIncidentReliesOnHavingBeenToldStays) {
  const int64_t first = closed("web", kDay * 100);
  write([&](JournalWriter& writer) {
    OutcomeMessage message;
    message.incident = first;
    message.kind = OutcomeKind::breaker_open;
    writer.add_outcome(message);
    writer.outcome_told(1, kNow - kDay * 100);
    return 0;
  });
  closed("web", kDay * 99);
  const int64_t open = opened("web", hours(1));
  execute("UPDATE incident SET breaker_told = 1 WHERE id = " + std::to_string(open));
  EXPECT_EQ(pass(), 1);
  EXPECT_THAT(ids(), ElementsAre(first, open));
  execute("UPDATE incident SET breaker_told = 0 WHERE id = " + std::to_string(open));
  EXPECT_EQ(pass(), 1);
}

TEST_F(RetentionTest, OfAServicesBreakerAnotherOfItsContainersMayRelyOnIt) {
  const int64_t first = closed("web.1.a", kDay * 100);
  write([&](JournalWriter& writer) {
    OutcomeMessage message;
    message.incident = first;
    message.kind = OutcomeKind::breaker_open;
    writer.add_outcome(message);
    writer.outcome_told(1, kNow - kDay * 100);
    return 0;
  });
  const int64_t open = opened("web.1.b", hours(1));
  execute("UPDATE incident SET service = 'service/web'");
  execute("UPDATE incident SET breaker_told = 1 WHERE id = " + std::to_string(open));
  EXPECT_EQ(pass(), 0);
  execute("UPDATE incident SET service = 'service/other' WHERE id = " + std::to_string(open));
  EXPECT_EQ(pass(), 1);
}

TEST_F(RetentionTest, TheOldestGoWhenThereIsTooMuch) {
  for (int i = 0; i < 40; ++i) closed("web", kDay * (80 - i), 100'000);
  const int64_t newest = closed("db", hours(1));
  ASSERT_GT(in_use(), 4'000'000);
  keep(kDay * 90, 2 << 20);
  const int removed = pass();
  EXPECT_GT(removed, 15);
  EXPECT_LE(in_use(), 2 << 20);
  EXPECT_GT(in_use(), (2 << 20) - 300'000) << "and no more than that";
  const std::vector<int64_t> left = ids();
  EXPECT_EQ(left.front(), removed + 1) << "the first that were closed";
  EXPECT_EQ(left.back(), newest);
}

TEST_F(RetentionTest, TheFileBecomesSmaller) {
  for (int i = 0; i < 100; ++i) closed("web", kDay * 80, 100'000);
  closed("db", hours(1));
  const int64_t before = number("PRAGMA page_count");
  keep(kDay * 90, 1 << 20);
  pass();
  EXPECT_LT(number("PRAGMA page_count") * 4096, before * 4096 / 2 + kBytesKeptFree);
  EXPECT_LE(number("PRAGMA freelist_count") * 4096, kBytesKeptFree);
  EXPECT_EQ(number("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"), 1);
}

TEST_F(RetentionTest, EndedPausesGoAndThoseInForceStay) {
  const auto pause = [&](const std::string& name, const std::string& ends, const std::string& end) {
    execute(
        "INSERT INTO pause (scope, host, name, reason, began_at, ends_at, ended_at) VALUES "
        "('container', 'box', '" +
        name + "', '', 1, " + ends + ", " + end + ")");
  };
  const std::string old = std::to_string(to_unix_ns(kNow - kDay * 91));
  const std::string lately = std::to_string(to_unix_ns(kNow - kDay * 89));
  pause("in force", "NULL", "NULL");
  pause("ended", "NULL", old);
  pause("ended early", lately, old);
  pause("expired", old, "NULL");
  pause("expired lately", lately, "NULL");
  pass();
  EXPECT_EQ(number("SELECT count(*) FROM pause"), 2);
  EXPECT_EQ(number("SELECT count(*) FROM pause WHERE name = 'in force'"), 1);
}

TEST_F(RetentionTest, AResetGoesWithItsContainersIncidents) {
  const std::string old = std::to_string(to_unix_ns(kNow - kDay * 91));
  execute("INSERT INTO reset VALUES ('box', 'web', " + old + "), ('box', 'gone', " + old + ")");
  closed("web", kDay);
  pass();
  EXPECT_EQ(number("SELECT count(*) FROM reset WHERE container = 'web'"), 1);
  EXPECT_EQ(number("SELECT count(*) FROM reset"), 1);
}

// Between two others: what waits is not held up by more than one of them.
TEST_F(RetentionTest, ATransactionApartIsNobodyElses) {
  std::promise<void> holding, release;
  std::thread holder([&] {
    EXPECT_TRUE(journal_
                    ->write([&](JournalWriter&) {
                      holding.set_value();
                      release.get_future().wait();
                    })
                    .ok());
  });
  holding.get_future().wait();
  std::thread apart([&] {
    EXPECT_FALSE(
        journal_->write_apart([](JournalWriter& writer) { writer.add_decision(4711, {}); }).ok());
  });
  std::atomic<int> runs = 0;
  std::thread beside([&] { EXPECT_TRUE(journal_->write([&](JournalWriter&) { ++runs; }).ok()); });
  release.set_value();
  for (std::thread* thread : {&holder, &apart, &beside}) thread->join();
  EXPECT_EQ(runs, 1) << "the fault was in another transaction";
}

TEST_F(RetentionTest, TheThreadBeginsAtOnceAndStops) {
  closed("web", kDay * 91);
  const int64_t newest = closed("db", kDay);
  Retention retention(*journal_, settings_, clock_);
  retention.start();
  while (ids().size() > 1) std::this_thread::sleep_for(Milliseconds(5));
  EXPECT_THAT(ids(), ElementsAre(newest));
  retention.stop();
  retention.stop();
}

}  // namespace
}  // namespace selfheal
