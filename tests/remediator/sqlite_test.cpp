#include "remediator/journal/sqlite.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/manual_clock.h"
#include "tests/support/temp_folder.h"

namespace selfheal {
namespace {

using testing::HasSubstr;

class SqliteTest : public testing::Test {
 protected:
  SqliteTest() { connection_.execute("CREATE TABLE t (a, b, c)"); }

  TempFolder folder_;
  SqliteConnection connection_{folder_.path("t.db"), SqliteConnection::Mode::read_write};
};

TEST_F(SqliteTest, BindsAndReadsEveryType) {
  const std::string text("nul\0 and \"quotes\" '", 19);
  const WallTime time = ManualClock::kStart + std::chrono::nanoseconds(123'456'789);
  connection_.query("INSERT INTO t VALUES (?, ?, ?)")
      .bind(int64_t{1} << 60)
      .bind(text)
      .bind(time)
      .run();
  SqliteQuery row = connection_.query("SELECT a, b, c FROM t");
  ASSERT_TRUE(row.step());
  EXPECT_EQ(row.integer(), int64_t{1} << 60);
  EXPECT_EQ(row.text(), text);
  EXPECT_EQ(row.time(), time) << "to the nanosecond";
  EXPECT_FALSE(row.step());
}

// Which nobody here has written: what is computed from it must not run over.
TEST_F(SqliteTest, ATimeOutOfAllBoundsIsTheNearestThatIsNot) {
  constexpr WallTime kLatest{std::chrono::seconds(7'258'118'400)};
  connection_.query("INSERT INTO t VALUES (?, ?, ?)")
      .bind(std::numeric_limits<int64_t>::min())
      .bind(std::numeric_limits<int64_t>::max())
      .bind(kLatest)
      .run();
  SqliteQuery row = connection_.query("SELECT a, b, c FROM t");
  ASSERT_TRUE(row.step());
  EXPECT_EQ(row.time(), WallTime{});
  EXPECT_EQ(row.time(), kLatest);
  EXPECT_EQ(row.time(), kLatest);
}

TEST_F(SqliteTest, NullIsNothing) {
  connection_.query("INSERT INTO t VALUES (?, ?, ?)")
      .bind(std::optional<WallTime>())
      .bind(std::optional<WallTime>(ManualClock::kStart))
      .bind("")
      .run();
  SqliteQuery row = connection_.query("SELECT a, b, a, c FROM t");
  ASSERT_TRUE(row.step());
  EXPECT_EQ(row.optional_time(), std::nullopt);
  EXPECT_EQ(row.optional_time(), ManualClock::kStart);
  EXPECT_EQ(row.text(), "") << "null as text";
  EXPECT_EQ(row.text(), "");
}

TEST_F(SqliteTest, AStatementIsUsedAgainWithoutItsPast) {
  const char* insert = "INSERT INTO t VALUES (?, ?, ?)";
  connection_.query(insert).bind(1).bind("one").bind(true).run();
  connection_.query(insert).bind(2).run();
  SqliteQuery rows = connection_.query("SELECT coalesce(b, 'nothing') FROM t ORDER BY a");
  ASSERT_TRUE(rows.step());
  EXPECT_EQ(rows.text(), "one");
  ASSERT_TRUE(rows.step());
  EXPECT_EQ(rows.text(), "nothing");
}

TEST_F(SqliteTest, FaultsSayWhatSqliteSays) {
  const auto message_of = [](const auto& what) -> std::string {
    try {
      what();
    } catch (const SqliteError& fault) {
      return fault.what();
    }
    return "";
  };
  EXPECT_THAT(message_of([&] { connection_.query("SELECT a FROM nowhere"); }),
              HasSubstr("no such table: nowhere"));
  EXPECT_THAT(message_of([&] { connection_.execute("NONSENSE"); }), HasSubstr("syntax error"));
  EXPECT_THAT(message_of([&] {
                SqliteConnection(folder_.path("none/t.db"), SqliteConnection::Mode::read_write);
              }),
              HasSubstr(folder_.path("none/t.db") + ": unable to open"));
  EXPECT_THAT(message_of([&] {
                SqliteConnection(folder_.path("missing.db"), SqliteConnection::Mode::read_only);
              }),
              HasSubstr("unable to open"));
}

TEST_F(SqliteTest, ReadOnlyDoesNotWrite) {
  SqliteConnection reader(folder_.path("t.db"), SqliteConnection::Mode::read_only);
  EXPECT_THROW(reader.execute("INSERT INTO t VALUES (1, 2, 3)"), SqliteError);
}

}  // namespace
}  // namespace selfheal
