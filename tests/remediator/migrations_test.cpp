#include "remediator/journal/migrations.h"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "remediator/journal/journal.h"
#include "tests/remediator/samples.h"
#include "tests/support/temp_folder.h"

namespace selfheal {
namespace {

constexpr int kNewest = 8;

std::string schema_of(SqliteConnection& connection) {
  std::string all;
  SqliteQuery query = connection.query(
      "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' "
      "ORDER BY rowid");
  while (query.step()) all += query.text() + ";\n";
  return all;
}

int64_t version_of(SqliteConnection& connection) {
  SqliteQuery query = connection.query("PRAGMA user_version");
  return query.step() ? query.integer() : -1;
}

std::string recorded_schema(int version) {
  std::ifstream file(std::string(SELFHEAL_TEST_FOLDER) + "/journal_schema_" +
                     std::to_string(version) + ".sql");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// Without room in its cache, what is not committed yet is on the disk when it dies.
[[noreturn]] void migrate_half_and_die(const std::string& path) {
  try {
    SqliteConnection connection(path, SqliteConnection::Mode::read_write);
    connection.execute(
        "PRAGMA cache_size = 1; BEGIN IMMEDIATE; CREATE TABLE outcome (id INTEGER PRIMARY KEY);"
        "ALTER TABLE incident ADD COLUMN breaker_told INTEGER NOT NULL DEFAULT 0;"
        "PRAGMA user_version = 2;");
    kill(getpid(), SIGKILL);
  } catch (const SqliteError&) {
  }
  _exit(1);
}

class MigrationsTest : public testing::Test {
 protected:
  TempFolder folder_;
  SqliteConnection connection_{folder_.path("j.db"), SqliteConnection::Mode::read_write};
};

// Journals out there are at every version. A change is a new migration and a new recorded file
// beside this one, never an edit of an old one.
TEST_F(MigrationsTest, AnEmptyFileGetsTheRecordedSchema) {
  ASSERT_TRUE(migrate(connection_).ok());
  EXPECT_EQ(version_of(connection_), kNewest);
  EXPECT_EQ(schema_of(connection_), recorded_schema(kNewest));
}

TEST_F(MigrationsTest, TheNewestVersionIsLeftAlone) {
  ASSERT_TRUE(migrate(connection_).ok());
  const std::string before = schema_of(connection_);
  ASSERT_TRUE(migrate(connection_).ok());
  EXPECT_EQ(schema_of(connection_), before);
}

// With what is in it, and as if it had been made today.
TEST_F(MigrationsTest, AJournalOfVersion1IsOpened) {
  connection_.execute(
      recorded_schema(1) +
      "PRAGMA user_version = 1; INSERT INTO incident VALUES (7, 'box', 'web', 'shop/web', "
      "'waiting', '', 1, NULL, 2, 3, 4, 1, NULL, 0, 'hold', 'held by policy: storm');");
  const auto journal = Journal::open(folder_.path("j.db"));
  ASSERT_TRUE(journal.ok()) << journal.error().message;
  EXPECT_EQ(schema_of(connection_), recorded_schema(kNewest));
  std::optional<Incident> kept;
  const auto written = (*journal)->write([&](JournalWriter& writer) {
    kept = writer.open_incident("box", "web");
    writer.save(*kept);
    Incident another = waiting_incident();
    another.container = "db";
    writer.save(another);
  });
  EXPECT_TRUE(written.ok());
  EXPECT_EQ(kept->id, 7);
  EXPECT_EQ(kept->attempts_used(), 1);
  EXPECT_EQ(kept->detail, "held by policy: storm");
  EXPECT_FALSE(kept->breaker_told);
  EXPECT_FALSE(kept->expiry_told);
}

TEST_F(MigrationsTest, WhatWasDoneToAServiceBeforeVersion6StillCountsForIt) {
  connection_.execute(
      recorded_schema(5) +
      "PRAGMA user_version = 5; INSERT INTO incident VALUES (7, 'box', 'service/web', 'web', "
      "'waiting', '', 1, NULL, 2, 3, 4, 0, NULL, 0, 'hold', '', 0, 0, 0, 0); "
      "INSERT INTO attempt VALUES (7, 1, 'service-update', 's1', NULL, 10, 5, 5, 5, NULL, 6, "
      "'not_healthy', '', '', 0); "
      "INSERT INTO incident VALUES (8, 'box', 'web', 'web', "
      "'waiting', '', 1, NULL, 2, 3, 4, 0, NULL, 0, 'hold', '', 0, 0, 0, 0);");
  ASSERT_TRUE(migrate(connection_).ok());
  JournalReader reader(connection_);
  EXPECT_EQ(reader.incident(7)->service, "service/web");
  EXPECT_EQ(reader.incident(7)->service_id, "s1");
  EXPECT_EQ(reader.incident(8)->service, "");
}

TEST_F(MigrationsTest, AJournalThatIsOnlyReadIsOfTheNewestVersionOrRefused) {
  connection_.execute(recorded_schema(1) + "PRAGMA user_version = 1;");
  const auto old = Journal::open_read_only(folder_.path("j.db"));
  ASSERT_FALSE(old.ok());
  EXPECT_NE(old.error().message.find("schema version 1, this program reads version " +
                                     std::to_string(kNewest)),
            std::string::npos)
      << old.error().message;
  connection_.execute("PRAGMA user_version = " + std::to_string(kNewest + 1));
  EXPECT_FALSE(Journal::open_read_only(folder_.path("j.db")).ok());
  connection_.execute("PRAGMA user_version = 1;");
  ASSERT_TRUE(migrate(connection_).ok());
  EXPECT_TRUE(Journal::open_read_only(folder_.path("j.db")).ok());
}

// With all that a migration had done until then.
TEST_F(MigrationsTest, AMigrationThatFailsIsRolledBack) {
  connection_.execute(recorded_schema(1) +
                      "CREATE TABLE outcome (in_the_way TEXT); PRAGMA user_version = 1;");
  const std::string before = schema_of(connection_);
  const auto journal = Journal::open(folder_.path("j.db"));
  ASSERT_FALSE(journal.ok());
  EXPECT_NE(journal.error().message.find("table outcome already exists"), std::string::npos)
      << journal.error().message;
  EXPECT_EQ(schema_of(connection_), before);
  EXPECT_EQ(version_of(connection_), 1);
  connection_.execute("DROP TABLE outcome");
  EXPECT_TRUE(Journal::open(folder_.path("j.db")).ok());
  EXPECT_EQ(schema_of(connection_), recorded_schema(kNewest));
}

TEST_F(MigrationsTest, AMigrationThatIsKilledIsRolledBack) {
  connection_.execute("PRAGMA journal_mode = WAL;" + recorded_schema(1) +
                      "PRAGMA user_version = 1;");
  const pid_t child = fork();
  if (child == 0) {
    migrate_half_and_die(folder_.path("j.db"));
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(version_of(connection_), 1);
  const auto journal = Journal::open(folder_.path("j.db"));
  ASSERT_TRUE(journal.ok()) << journal.error().message;
  EXPECT_EQ(schema_of(connection_), recorded_schema(kNewest));
}

TEST_F(MigrationsTest, ANewerVersionIsRefused) {
  for (const std::string& version :
       {std::to_string(kNewest + 1), std::string("2147483647"), std::string("-1")}) {
    connection_.execute("PRAGMA user_version = " + version);
    EXPECT_FALSE(migrate(connection_).ok()) << version;
    EXPECT_EQ(schema_of(connection_), "");
  }
}

}  // namespace
}  // namespace selfheal
