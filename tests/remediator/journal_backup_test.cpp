#include "remediator/journal/journal_backup.h"

#include <atomic>
#include <cerrno>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "remediator/journal/journal.h"
#include "tests/remediator/disk_fault.h"
#include "tests/remediator/samples.h"
#include "tests/support/temp_folder.h"

namespace selfheal {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class JournalBackupTest : public testing::Test {
 protected:
  std::string path() const { return folder_.path("journal.db"); }
  std::string copy() const { return folder_.path("copy/backup.db"); }
  JournalBackupTest() { std::filesystem::create_directory(folder_.path("copy")); }
  static std::unique_ptr<Journal> open(const std::string& path) {
    auto journal = Journal::open(path);
    EXPECT_TRUE(journal.ok()) << journal.error().message;
    return journal ? *std::move(journal) : nullptr;
  }
  static bool save(Journal& journal, const std::string& container) {
    return journal
        .write([&](JournalWriter& writer) {
          Incident incident = waiting_incident();
          incident.container = container;
          writer.save(incident);
          writer.add_decision(incident.id, {kNow, "wait", "hold", "storm", "{}"});
        })
        .ok();
  }
  static size_t count(Journal& journal) {
    size_t open_ones = 0;
    EXPECT_TRUE(
        journal.read([&](JournalReader& reader) { open_ones = reader.open_incidents().size(); })
            .ok());
    return open_ones;
  }
  BackupFault fault() {
    const auto done = back_up_journal(path(), copy());
    EXPECT_FALSE(done.ok());
    return done ? BackupFault{} : done.error();
  }
  size_t files() const {
    size_t all = 0;
    for ([[maybe_unused]] const auto& file :
         std::filesystem::directory_iterator(folder_.path("copy")))
      ++all;
    return all;
  }

  TempFolder folder_;
};

TEST_F(JournalBackupTest, IsAJournalToStartOn) {
  const auto journal = open(path());
  ASSERT_TRUE(save(*journal, "web"));
  ASSERT_TRUE(save(*journal, "db"));
  const auto done = back_up_journal(path(), copy());
  ASSERT_TRUE(done.ok()) << done.error().message;
  EXPECT_EQ(files(), 1u) << "one file is all of it";
  struct stat status {};
  ASSERT_EQ(stat(copy().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777u, 0600u);
  ASSERT_TRUE(save(*journal, "later"));
  const auto restored = open(copy());
  EXPECT_EQ(count(*restored), 2u) << "as it was then";
  EXPECT_TRUE(save(*restored, "cache"));
  std::vector<DecisionRow> decisions;
  ASSERT_TRUE(restored->read([&](JournalReader& reader) { decisions = reader.decisions(1); }).ok());
  EXPECT_EQ(decisions.size(), 1u);
}

TEST_F(JournalBackupTest, IsOfOneMomentWhileOthersWrite) {
  const auto journal = open(path());
  std::atomic<bool> enough = false;
  std::atomic<int> saved = 0;
  std::thread writer([&] {
    while (!enough) {
      EXPECT_TRUE(save(*journal, "container " + std::to_string(saved)));
      ++saved;
    }
  });
  for (int round = 0; round < 5; ++round) {
    const int before = saved;
    const std::string file = copy() + std::to_string(round);
    const auto done = back_up_journal(path(), file);
    const int after = saved;
    ASSERT_TRUE(done.ok()) << done.error().message;
    const auto reader = Journal::open_read_only(file);
    ASSERT_TRUE(reader.ok()) << reader.error().message;
    EXPECT_THAT(static_cast<int>(count(**reader)),
                AllOf(testing::Ge(before), testing::Le(after + 1)));
  }
  enough = true;
  writer.join();
}

TEST_F(JournalBackupTest, OverwritesNothing) {
  open(path()).reset();
  std::ofstream(copy()) << "precious";
  const BackupFault refused = fault();
  EXPECT_EQ(refused.kind, BackupFault::Kind::refused);
  EXPECT_THAT(refused.message, AllOf(HasSubstr(copy()), HasSubstr("is not overwritten")));
  std::ifstream kept(copy());
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(kept), {}), "precious");
  EXPECT_EQ(files(), 1u);
  std::filesystem::remove(copy());
  std::filesystem::create_symlink("nowhere", copy());
  EXPECT_EQ(fault().kind, BackupFault::Kind::refused) << "a link to nowhere is a file too";
}

TEST_F(JournalBackupTest, WhatIsNoJournalIsRefused) {
  EXPECT_EQ(fault().kind, BackupFault::Kind::refused);
  EXPECT_FALSE(std::filesystem::exists(path())) << "none is made";
  folder_.write("journal.db", "");
  EXPECT_THAT(fault().message, HasSubstr(path() + ": can't be read as a journal"));
  EXPECT_EQ(files(), 0u);
}

TEST_F(JournalBackupTest, NothingIsLeftOfAHalfOne) {
  const auto journal = open(path());
  ASSERT_TRUE(save(*journal, "web"));
  {
    const DiskFault full(ENOSPC);
    const BackupFault failed = fault();
    EXPECT_EQ(failed.kind, BackupFault::Kind::failed);
    EXPECT_THAT(failed.message, AllOf(HasSubstr("disk is full"), HasSubstr(copy())));
  }
  EXPECT_EQ(files(), 0u);
  std::filesystem::remove(folder_.path("copy"));
  EXPECT_THAT(fault().message, HasSubstr("No such file or directory"));
}

TEST_F(JournalBackupTest, AnOlderJournalIsCopiedAsItIs) {
  std::ifstream recorded(std::string(SELFHEAL_TEST_FOLDER) + "/journal_schema_1.sql");
  SqliteConnection(path(), SqliteConnection::Mode::read_write)
      .execute(std::string(std::istreambuf_iterator<char>(recorded), {}) +
               "PRAGMA user_version = 1");
  const auto done = back_up_journal(path(), copy());
  ASSERT_TRUE(done.ok()) << done.error().message;
  SqliteConnection copied(copy(), SqliteConnection::Mode::read_only);
  EXPECT_EQ(copied.number("PRAGMA user_version"), 1);
  EXPECT_EQ(copied.number("PRAGMA auto_vacuum"), 2) << "and it gives its free pages back";
}

}  // namespace
}  // namespace selfheal
