#include "remediator/journal/migrations.h"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "remediator/journal/journal.h"
#include "tests/remediator/samples.h"
#include "tests/support/temp_folder.h"

namespace selfheal {
namespace {

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

class MigrationsTest : public testing::Test {
 protected:
  TempFolder folder_;
  SqliteConnection connection_{folder_.path("j.db"), SqliteConnection::Mode::read_write};
};

// Journals out there are at every version. A change is a new migration and a new recorded file
// beside this one, never an edit of an old one.
TEST_F(MigrationsTest, AnEmptyFileGetsTheRecordedSchema) {
  ASSERT_TRUE(migrate(connection_).ok());
  EXPECT_EQ(version_of(connection_), 1);
  EXPECT_EQ(schema_of(connection_), recorded_schema(1));
}

TEST_F(MigrationsTest, TheNewestVersionIsLeftAlone) {
  ASSERT_TRUE(migrate(connection_).ok());
  const std::string before = schema_of(connection_);
  ASSERT_TRUE(migrate(connection_).ok());
  EXPECT_EQ(schema_of(connection_), before);
}

TEST_F(MigrationsTest, AJournalOfVersion1IsOpened) {
  connection_.execute(recorded_schema(1) + "PRAGMA user_version = 1;");
  const auto journal = Journal::open(folder_.path("j.db"));
  ASSERT_TRUE(journal.ok()) << journal.error().message;
  EXPECT_TRUE((*journal)
                  ->write([](JournalWriter& writer) {
                    Incident incident = waiting_incident();
                    writer.save(incident);
                  })
                  .ok());
}

TEST_F(MigrationsTest, ANewerVersionIsRefused) {
  for (const char* version : {"2", "2147483647", "-1"}) {
    connection_.execute(std::string("PRAGMA user_version = ") + version);
    EXPECT_FALSE(migrate(connection_).ok()) << version;
    EXPECT_EQ(schema_of(connection_), "");
  }
}

}  // namespace
}  // namespace selfheal
