#include "remediator/journal/journal.h"

#include <future>
#include <set>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/remediator/samples.h"
#include "tests/support/temp_folder.h"

namespace selfheal {
namespace {

using testing::HasSubstr;

Incident incident_of(const std::string& container) {
  Incident incident = waiting_incident();
  incident.container = container;
  return incident;
}

class JournalTest : public testing::Test {
 protected:
  std::string path() const { return folder_.path("journal.db"); }
  std::unique_ptr<Journal> open() {
    auto journal = Journal::open(path());
    EXPECT_TRUE(journal.ok()) << journal.error().message;
    return journal ? *std::move(journal) : nullptr;
  }
  std::string refusal() {
    const auto journal = Journal::open(path());
    return journal ? "" : journal.error().message;
  }
  static Outcome<JournalFault> save(Journal& journal, const std::string& container) {
    return journal.write([&](JournalWriter& writer) {
      Incident incident = incident_of(container);
      writer.save(incident);
    });
  }
  static size_t count(Journal& journal) {
    size_t open_ones = 0;
    EXPECT_TRUE(
        journal.read([&](JournalReader& reader) { open_ones = reader.open_incidents().size(); })
            .ok());
    return open_ones;
  }

  TempFolder folder_;
};

TEST_F(JournalTest, WhatWasWrittenIsThereAfterOpeningAgain) {
  {
    const auto journal = open();
    ASSERT_TRUE(save(*journal, "web").ok());
    EXPECT_EQ(count(*journal), 1u);
  }
  const auto journal = open();
  EXPECT_EQ(count(*journal), 1u);
  ASSERT_TRUE(save(*journal, "db").ok());
  EXPECT_EQ(count(*journal), 2u);
}

TEST_F(JournalTest, IsInWalMode) {
  const auto journal = open();
  SqliteConnection other(path(), SqliteConnection::Mode::read_only);
  SqliteQuery mode = other.query("PRAGMA journal_mode");
  ASSERT_TRUE(mode.step());
  EXPECT_EQ(mode.text(), "wal");
}

TEST_F(JournalTest, ManyThreadsAreCommittedInGroups) {
  constexpr int kThreads = 8, kEach = 50;
  const auto journal = open();
  std::vector<std::thread> threads;
  std::mutex mutex;
  std::set<int64_t> ids;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        int64_t id = 0;
        const auto written = journal->write([&](JournalWriter& writer) {
          Incident incident = incident_of(std::to_string(t) + "/" + std::to_string(i));
          writer.save(incident);
          id = incident.id;
        });
        EXPECT_TRUE(written.ok());
        const std::lock_guard lock(mutex);
        ids.insert(id);
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ids.size(), static_cast<size_t>(kThreads * kEach)) << "no id twice";
  EXPECT_EQ(count(*journal), static_cast<size_t>(kThreads * kEach));
}

TEST_F(JournalTest, AFailingChangeDoesNotHurtItsNeighbours) {
  const auto journal = open();
  std::promise<void> holding, release;
  std::thread holder([&] {
    bool first = true;
    EXPECT_TRUE(journal
                    ->write([&](JournalWriter&) {
                      if (!std::exchange(first, false)) return;
                      holding.set_value();
                      release.get_future().wait();
                    })
                    .ok());
  });
  holding.get_future().wait();
  // These wait while the writer is held, and so come into one commit.
  std::atomic<int> begun{0}, good{0}, bad{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i)
    threads.emplace_back([&, i] {
      ++begun;
      const auto written = journal->write([&](JournalWriter& writer) {
        Incident incident = incident_of("container " + std::to_string(i));
        writer.save(incident);
        if (i == 3) writer.add_decision(4711, {});  // of no incident: a broken reference
      });
      ++(written ? good : bad);
    });
  while (begun < 6) std::this_thread::yield();
  release.set_value();
  for (std::thread& thread : threads) thread.join();
  holder.join();
  EXPECT_EQ(good, 5);
  EXPECT_EQ(bad, 1);
  EXPECT_EQ(count(*journal), 5u) << "nothing is kept of the one that failed";
}

TEST_F(JournalTest, AFaultIsAValueAndTheNextWriteWorks) {
  const auto journal = open();
  ASSERT_TRUE(save(*journal, "web").ok());
  const auto twice = save(*journal, "web");  // only one may be open for each container
  ASSERT_FALSE(twice.ok());
  EXPECT_THAT(twice.error().message, HasSubstr(path()));
  EXPECT_THAT(twice.error().message, HasSubstr("UNIQUE"));
  EXPECT_TRUE(save(*journal, "db").ok());
  EXPECT_EQ(count(*journal), 2u);
}

TEST_F(JournalTest, AReadThatFailsIsAValue) {
  const auto journal = open();
  SqliteConnection(path(), SqliteConnection::Mode::read_write).execute("DROP TABLE attempt");
  ASSERT_TRUE(save(*journal, "web").ok()) << "it has no attempts";
  const auto read = journal->read([](JournalReader& reader) { reader.open_incidents(); });
  ASSERT_FALSE(read.ok());
  EXPECT_THAT(read.error().message, HasSubstr("no such table: attempt"));
}

TEST_F(JournalTest, ASecondOpenerIsRefused) {
  auto journal = open();
  EXPECT_EQ(refusal(),
            path() + ": another selfheal-remediator uses this journal; only one may act");
  EXPECT_TRUE(save(*journal, "web").ok()) << "the first goes on";
  journal.reset();
  EXPECT_EQ(refusal(), "");
}

TEST_F(JournalTest, IsNobodyElsesToRead) {
  const auto journal = open();
  for (const char* file : {"", "-wal", "-shm", ".lock"}) {
    struct stat status {};
    ASSERT_EQ(stat((path() + file).c_str(), &status), 0) << file;
    EXPECT_EQ(status.st_mode & 07777u, 0600u) << file;
  }
}

TEST_F(JournalTest, AJournalOfANewerProgramIsRefusedAndLeftAlone) {
  open().reset();
  {
    SqliteConnection other(path(), SqliteConnection::Mode::read_write);
    other.execute("PRAGMA user_version = 99");
  }
  EXPECT_THAT(refusal(), HasSubstr("schema version 99, this program knows up to"));
  SqliteConnection other(path(), SqliteConnection::Mode::read_only);
  SqliteQuery version = other.query("PRAGMA user_version");
  ASSERT_TRUE(version.step());
  EXPECT_EQ(version.integer(), 99);
}

TEST_F(JournalTest, WhatIsNoDatabaseIsRefusedAndLeftAlone) {
  const std::string text(5000, 'x');
  folder_.write("journal.db", text);
  EXPECT_THAT(refusal(), HasSubstr(path() + ": can't be used as a journal"));
  EXPECT_THAT(refusal(), HasSubstr("not a database"));
  EXPECT_EQ(std::filesystem::file_size(path()), text.size());
}

TEST_F(JournalTest, AMissingFolderIsNamed) {
  const auto journal = Journal::open(folder_.path("none/journal.db"));
  ASSERT_FALSE(journal.ok());
  EXPECT_THAT(journal.error().message, HasSubstr(folder_.path("none/journal.db")));
  EXPECT_THAT(journal.error().message, HasSubstr("No such file or directory"));
  EXPECT_THAT(journal.error().message, HasSubstr("--journal.path"));
}

TEST_F(JournalTest, ReadOnlyReadsBesideARunningOne) {
  const auto journal = open();
  ASSERT_TRUE(save(*journal, "web").ok());
  const auto reader = Journal::open_read_only(path());
  ASSERT_TRUE(reader.ok()) << reader.error().message;
  EXPECT_EQ(count(**reader), 1u);
  ASSERT_TRUE(save(*journal, "db").ok());
  EXPECT_EQ(count(**reader), 2u);
  const auto written = save(**reader, "cache");
  ASSERT_FALSE(written.ok());
  EXPECT_THAT(written.error().message, HasSubstr("open for reading only"));
}

TEST_F(JournalTest, ReadOnlyMakesNoFile) {
  const auto missing = Journal::open_read_only(path());
  ASSERT_FALSE(missing.ok());
  EXPECT_THAT(missing.error().message, HasSubstr("can't be read as a journal"));
  EXPECT_FALSE(std::filesystem::exists(path()));
  folder_.write("journal.db", "");
  EXPECT_FALSE(Journal::open_read_only(path()).ok()) << "a database without our tables";
}

}  // namespace
}  // namespace selfheal
