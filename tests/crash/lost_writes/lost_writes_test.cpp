// What the crash tests stand on: nothing reaches the disk but by a sync, and whoever is killed is
// killed where it was told to be.
#include <csignal>
#include <filesystem>

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/crash/lost_writes/vfs.h"
#include "tests/support/temp_folder.h"

namespace selfheal::lost_writes {
namespace {

class Database {
 public:
  explicit Database(const std::string& path, const char* vfs = kVfsName) {
    EXPECT_EQ(sqlite3_open_v2(path.c_str(), &connection_,
                              SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs),
              SQLITE_OK);
  }
  ~Database() { sqlite3_close(connection_); }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  void execute(const char* sql) {
    EXPECT_EQ(sqlite3_exec(connection_, sql, nullptr, nullptr, nullptr), SQLITE_OK)
        << sql << ": " << sqlite3_errmsg(connection_);
  }
  // -1 where it fails.
  int number(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v2(connection_, sql, -1, &statement, nullptr);
    const int found = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int(statement, 0) : -1;
    sqlite3_finalize(statement);
    return found;
  }

 private:
  sqlite3* connection_ = nullptr;
};

constexpr const char* kWal = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL";
constexpr const char* kRows = "SELECT count(*) FROM t";

// How many rows there are for who finds the files after a power cut.
int rows_on_disk(const std::string& path) {
  const std::string copy = path + "-copy";
  std::filesystem::copy_file(path, copy);
  std::filesystem::copy_file(path + "-wal", copy + "-wal");
  return Database(copy, "unix").number(kRows);
}

// Registering is once for a process, and a kill its end: each of these is a process of its own.
template <class Body>
int status_of(const VfsOptions& options, const Body& body) {
  const pid_t child = fork();
  if (child == 0) {
    if (register_vfs(options) != SQLITE_OK) std::_Exit(1);
    body();
    std::_Exit(testing::Test::HasFailure() ? 1 : 0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

class LostWrites : public testing::Test {
 protected:
  void expect_in_child(const VfsOptions& options, const std::function<void()>& body) {
    EXPECT_EQ(status_of(options, body), 0);
  }
  // The database of a process that makes a table and then adds four rows one by one.
  int rows_of_killed(const KillPoint& kill_point) {
    const int status = status_of({.kill_point = kill_point}, [&] {
      Database database(path_);
      database.execute(kWal);                  // the first commit
      database.execute("CREATE TABLE t (x)");  // the second
      for (int i = 0; i < 4; ++i) database.execute("INSERT INTO t VALUES (1)");
    });
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    std::filesystem::remove(path_ + "-shm");
    return Database(path_, "unix").number(kRows);
  }

  TempFolder folder_;
  const std::string path_ = folder_.path("db");
};

TEST_F(LostWrites, KeepsWhatIsSyncedAtEachCommit) {
  expect_in_child({}, [&] {
    Database database(path_);
    database.execute(kWal);
    database.execute("CREATE TABLE t (x); INSERT INTO t VALUES (1)");
    EXPECT_EQ(rows_on_disk(path_), 1);
  });
}

TEST_F(LostWrites, LosesWhatIsNotSynced) {
  expect_in_child({.kill_point = {}, .synchronous_normal = true}, [&] {
    Database database(path_);
    database.execute(kWal);
    EXPECT_EQ(database.number("PRAGMA synchronous"), 1);
    database.execute("CREATE TABLE t (x); PRAGMA wal_checkpoint; INSERT INTO t VALUES (1)");
    EXPECT_EQ(database.number(kRows), 1);
    EXPECT_EQ(rows_on_disk(path_), 0);
  });
}

TEST_F(LostWrites, ConnectionsSeeWhatIsNotSyncedYet) {
  expect_in_child({.kill_point = {}, .synchronous_normal = true}, [&] {
    Database writing(path_), reading(path_);
    writing.execute(kWal);
    writing.execute("CREATE TABLE t (x); INSERT INTO t VALUES (1)");
    EXPECT_EQ(reading.number(kRows), 1);
    writing.execute("DELETE FROM t");
    EXPECT_EQ(reading.number(kRows), 0);
  });
}

TEST_F(LostWrites, ShortensFiles) {
  expect_in_child({}, [&] {
    Database database(path_);
    database.execute("CREATE TABLE t (x); INSERT INTO t VALUES (zeroblob(1000000))");
    EXPECT_GT(std::filesystem::file_size(path_), 1'000'000U);
    database.execute("DELETE FROM t; VACUUM");  // which shortens it after its last sync
    EXPECT_GT(std::filesystem::file_size(path_), 1'000'000U);
    database.execute("INSERT INTO t VALUES (2)");
    EXPECT_LT(std::filesystem::file_size(path_), 100'000U);
    EXPECT_EQ(database.number("SELECT count(*) FROM pragma_integrity_check WHERE "
                              "integrity_check = 'ok'"),
              1);
  });
}

TEST_F(LostWrites, OutlivesAnOrderlyEndAsFarAsItIsSynced) {
  expect_in_child({}, [&] {
    Database database(path_);
    database.execute(kWal);
    database.execute("CREATE TABLE t (x); INSERT INTO t VALUES (1)");
  });
  EXPECT_EQ(Database(path_, "unix").number(kRows), 1);
}

TEST_F(LostWrites, KillsBeforeACommit) {
  EXPECT_EQ(rows_of_killed({KillPoint::Side::before, 5}), 2);
}

TEST_F(LostWrites, KillsAfterACommit) {
  EXPECT_EQ(rows_of_killed({KillPoint::Side::after, 5}), 3);
}

TEST_F(LostWrites, CountsWhatHasWrittenSomething) {
  expect_in_child({}, [&] {
    KillPoint counting;
    EXPECT_FALSE(counting.committed());
    counting.log_is_written();
    EXPECT_TRUE(counting.committed());
    EXPECT_FALSE(counting.committed());
  });
}

TEST(KillPointText, IsASideAndANumber) {
  EXPECT_TRUE(KillPoint::parse("before:1"));
  EXPECT_TRUE(KillPoint::parse("after:12"));
  for (const char* text : {"", "7", "before:", "before:0", "after:-1", "after:7x", "during:7"})
    EXPECT_FALSE(KillPoint::parse(text)) << text;
}

}  // namespace
}  // namespace selfheal::lost_writes
