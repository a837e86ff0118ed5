// One remediator to a journal, as long as it lives; readers beside it.
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "remediator/journal/journal.h"
#include "remediator/journal/journal_backup.h"
#include "tests/remediator/samples.h"
#include "tests/support/temp_folder.h"

namespace selfheal {
namespace {

using testing::HasSubstr;

// Another process with the journal open and one incident in it.
class Holder {
 public:
  explicit Holder(const std::string& path) {
    int ready[2];
    EXPECT_EQ(pipe(ready), 0);
    pid_ = fork();
    if (pid_ == 0) {
      const auto journal = Journal::open(path);
      const bool written = journal.ok() && (*journal)
                                               ->write([](JournalWriter& writer) {
                                                 Incident incident = waiting_incident();
                                                 writer.save(incident);
                                               })
                                               .ok();
      (void)!write(ready[1], written ? "+" : "-", 1);
      for (;;) pause();
    }
    close(ready[1]);
    char answer = 0;
    EXPECT_EQ(read(ready[0], &answer, 1), 1);
    EXPECT_EQ(answer, '+');
    close(ready[0]);
  }
  ~Holder() { kill_it(); }
  void kill_it() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    EXPECT_EQ(waitpid(pid_, nullptr, 0), pid_);
    pid_ = 0;
  }

 private:
  pid_t pid_ = 0;
};

TEST(JournalLock, EndsWithItsProcessHoweverThatDies) {
  const TempFolder folder;
  const std::string path = folder.path("journal.db");
  Holder holder(path);
  const auto second = Journal::open(path);
  ASSERT_FALSE(second.ok());
  EXPECT_THAT(second.error().message, HasSubstr("another selfheal-remediator uses this journal"));
  holder.kill_it();
  const auto next = Journal::open(path);
  ASSERT_TRUE(next.ok()) << next.error().message;
  size_t open = 0;
  EXPECT_TRUE(
      (*next)->read([&](JournalReader& reader) { open = reader.open_incidents().size(); }).ok());
  EXPECT_EQ(open, 1u) << "what was acknowledged is there";
}

TEST(JournalLock, HoldsUpNeitherAReaderNorABackup) {
  const TempFolder folder;
  const std::string path = folder.path("journal.db");
  const Holder holder(path);
  const auto reader = Journal::open_read_only(path);  // as explain does
  ASSERT_TRUE(reader.ok()) << reader.error().message;
  EXPECT_TRUE((*reader)->read([](JournalReader& rows) { EXPECT_TRUE(rows.incident(1)); }).ok());
  const auto copied = back_up_journal(path, folder.path("backup.db"));
  EXPECT_TRUE(copied.ok()) << copied.error().message;
  EXPECT_TRUE(Journal::open_read_only(folder.path("backup.db")).ok());
}

}  // namespace
}  // namespace selfheal
