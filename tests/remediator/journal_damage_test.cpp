// Files that are no sound journal of ours: refused, and left as they are; or found to be so later.
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remediator/journal/journal.h"
#include "tests/remediator/samples.h"
#include "tests/support/temp_folder.h"

namespace selfheal {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr int kPage = 4096;

class JournalDamageTest : public testing::Test {
 protected:
  std::string path() const { return folder_.path("journal.db"); }
  std::string bytes(const std::string& suffix = "") const {
    std::ifstream file(path() + suffix, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }
  static Outcome<JournalFault> save(Journal& journal, int number) {
    return journal.write([&](JournalWriter& writer) {
      Incident incident = waiting_incident();
      incident.container = "container " + std::to_string(number);
      incident.detail.assign(500, 'x');
      writer.save(incident);
    });
  }
  // Of some hundred pages, all of them in the file itself.
  std::unique_ptr<Journal> open_full() {
    auto journal = Journal::open(path());
    EXPECT_TRUE(journal.ok()) << journal.error().message;
    for (int i = 0; i < 400; ++i) EXPECT_TRUE(save(**journal, i).ok());
    SqliteConnection(path(), SqliteConnection::Mode::read_write)
        .execute("PRAGMA wal_checkpoint(TRUNCATE)");
    return *std::move(journal);
  }
  // All from the fourth on, or one in the middle.
  void overwrite(int first_page, int last_page) const {
    std::fstream file(path(), std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(int64_t{first_page - 1} * kPage);
    for (int page = first_page; page <= last_page; ++page) file << std::string(kPage, 'Z');
  }
  int pages() const { return static_cast<int>(std::filesystem::file_size(path()) / kPage); }
  std::string refusal() const {
    const auto journal = Journal::open(path());
    return journal ? "" : journal.error().message;
  }

  TempFolder folder_;
};

TEST_F(JournalDamageTest, AGarbledHeaderIsRefusedAndLeftAlone) {
  open_full().reset();
  overwrite(1, 1);
  const std::string before = bytes();
  EXPECT_THAT(refusal(),
              AllOf(HasSubstr(path() + ": can't be used as a journal"), HasSubstr("not a database"),
                    HasSubstr("put a backup in its place"), HasSubstr("-wal")));
  EXPECT_TRUE(bytes() == before);
}

TEST_F(JournalDamageTest, APageInTheMiddleIsFoundAtStart) {
  open_full().reset();
  overwrite(pages() / 2, pages() / 2);
  const std::string before = bytes();
  EXPECT_THAT(refusal(), AllOf(HasSubstr(path() + ": can't be used as a journal"),
                               HasSubstr("it is damaged"), HasSubstr("put a backup in its place")));
  EXPECT_TRUE(bytes() == before);
}

TEST_F(JournalDamageTest, AFileThatWasCutOffIsRefused) {
  open_full().reset();
  std::filesystem::resize_file(path(), static_cast<uintmax_t>(pages()) / 2 * kPage);
  EXPECT_THAT(refusal(), HasSubstr("it is damaged"));
}

TEST_F(JournalDamageTest, FoundWhileRunningNothingIsWrittenAnyMore) {
  const auto journal = open_full();
  overwrite(4, pages());
  // Another's commit empties the caches.
  SqliteConnection(path(), SqliteConnection::Mode::read_write).execute("PRAGMA user_version = 4");
  const auto written = save(*journal, 1000);
  ASSERT_FALSE(written.ok());
  EXPECT_THAT(written.error().message, AllOf(HasSubstr(path()), HasSubstr("malformed"),
                                             HasSubstr("put a backup in its place")));
  EXPECT_EQ(journal->why_not_writable(), written.error().message);
  const auto nothing = journal->write([](JournalWriter&) { ADD_FAILURE() << "was run"; });
  EXPECT_FALSE(nothing.ok()) << "damaged once is damaged";
  EXPECT_FALSE(journal->read([](JournalReader& reader) { reader.incidents({}); }).ok());
}

TEST_F(JournalDamageTest, AReaderThatFindsItStopsTheWriterToo) {
  const auto journal = open_full();
  overwrite(4, pages());
  SqliteConnection(path(), SqliteConnection::Mode::read_write).execute("PRAGMA user_version = 4");
  EXPECT_FALSE(journal->read([](JournalReader& reader) { reader.incidents({}); }).ok());
  EXPECT_NE(journal->why_not_writable(), std::nullopt);
  EXPECT_FALSE(journal->write([](JournalWriter&) {}).ok());
}

// Also with what its program had not yet written into the file when it was killed.
TEST_F(JournalDamageTest, OfANewerProgramNotAByteIsChanged) {
  Journal::open(path()).value().reset();
  SqliteConnection newer(path(), SqliteConnection::Mode::read_write);
  newer.set_on_close(SqliteConnection::OnClose::leave_alone);
  newer.execute("PRAGMA user_version = 99; CREATE TABLE future (a)");
  const std::string before = bytes(), wal_before = bytes("-wal");
  ASSERT_FALSE(wal_before.empty());
  EXPECT_THAT(refusal(), HasSubstr("schema version 99"));
  EXPECT_TRUE(bytes() == before);
  EXPECT_TRUE(bytes("-wal") == wal_before);
  newer.set_on_close(SqliteConnection::OnClose::checkpoint);
}

TEST_F(JournalDamageTest, OfANewerProgramNotInWalModeNotAByteIsChanged) {
  SqliteConnection(path(), SqliteConnection::Mode::read_write)
      .execute("CREATE TABLE future (a); PRAGMA user_version = 99");
  const std::string before = bytes();
  EXPECT_THAT(refusal(), HasSubstr("schema version 99"));
  EXPECT_TRUE(bytes() == before);
  EXPECT_FALSE(std::filesystem::exists(path() + "-wal"));
}

}  // namespace
}  // namespace selfheal
