#include "remediator/journal/retention.h"

#include <future>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/remediator/retention_fixture.h"

namespace selfheal {
namespace {

using testing::ElementsAre;

class RetentionTest : public RetentionFixture {};

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
