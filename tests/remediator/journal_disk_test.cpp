// A journal on a disk that is full, read-only or broken.
#include <cerrno>
#include <fstream>
#include <optional>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "remediator/journal/journal.h"
#include "tests/remediator/disk_fault.h"
#include "tests/remediator/samples.h"
#include "tests/support/temp_folder.h"

namespace selfheal {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class JournalDiskTest : public testing::Test {
 protected:
  std::string path() const { return folder_.path("journal.db"); }
  std::unique_ptr<Journal> open(const std::string& path) {
    auto journal = Journal::open(path);
    EXPECT_TRUE(journal.ok()) << journal.error().message;
    return journal ? *std::move(journal) : nullptr;
  }
  static std::string refusal(const std::string& path) {
    const auto journal = Journal::open(path);
    return journal ? "" : journal.error().message;
  }
  // A closed incident of about `size` bytes. What is wrong, or nothing.
  static std::string save(Journal& journal, size_t size = 100) {
    const auto written = journal.write([&](JournalWriter& writer) {
      Incident incident = waiting_incident();
      incident.state = IncidentState::closed;
      incident.closed_at = kNow;
      incident.detail.assign(size, 'x');
      writer.save(incident);
    });
    return written ? "" : written.error().message;
  }
  static void await_writable(const Journal& journal) {
    while (journal.why_not_writable()) std::this_thread::sleep_for(Milliseconds(10));
  }
  static size_t count(Journal& journal) {
    size_t all = 0;
    EXPECT_TRUE(
        journal.read([&](JournalReader& reader) { all = reader.incidents({}).size(); }).ok());
    return all;
  }

  TempFolder folder_;
};

TEST_F(JournalDiskTest, AFullDiskIsAFaultUntilThereIsRoom) {
  const auto journal = open(path());
  ASSERT_EQ(save(*journal), "");
  EXPECT_EQ(journal->why_not_writable(), std::nullopt);
  {
    const DiskFault full(ENOSPC);
    const std::string fault = save(*journal);
    EXPECT_THAT(fault, AllOf(HasSubstr(path()), HasSubstr("disk is full"), HasSubstr("make room")));
    EXPECT_EQ(journal->why_not_writable(), fault);
    EXPECT_EQ(count(*journal), 1u) << "it can still be read, and nothing is half there";
    EXPECT_NE(save(*journal), "");
  }
  EXPECT_EQ(save(*journal), "");
  EXPECT_EQ(journal->why_not_writable(), std::nullopt);
  EXPECT_EQ(count(*journal), 2u);
}

TEST_F(JournalDiskTest, AChangeOfNothingDoesNotProveThatThereIsRoom) {
  const auto journal = open(path());
  const DiskFault full(ENOSPC);
  EXPECT_NE(save(*journal), "");
  EXPECT_TRUE(journal->write([](JournalWriter&) {}).ok());
  EXPECT_NE(journal->why_not_writable(), std::nullopt);
}

TEST_F(JournalDiskTest, RecoversAlthoughNobodyWrites) {
  const auto journal = open(path());
  {
    const DiskFault full(ENOSPC);
    EXPECT_NE(save(*journal), "");
    std::this_thread::sleep_for(Journal::kTryAgain + Milliseconds(200));
    EXPECT_NE(journal->why_not_writable(), std::nullopt) << "tried again in vain";
  }
  await_writable(*journal);
}

TEST_F(JournalDiskTest, SaysWhatIsToBeDone) {
  const auto journal = open(path());
  for (const auto& [error, what, to_do] :
       {std::tuple(EROFS, "Read-only file system", "let this user write the file"),
        std::tuple(EDQUOT, "Disk quota exceeded", "make room"),
        std::tuple(EIO, "Input/output error", "kernel's log")}) {
    const DiskFault fault(error);
    EXPECT_THAT(save(*journal), AllOf(HasSubstr(path()), HasSubstr(what), HasSubstr(to_do)));
    EXPECT_NE(journal->why_not_writable(), std::nullopt);
  }
  EXPECT_EQ(save(*journal), "");
}

TEST_F(JournalDiskTest, AChangeThatContradictsIsNoFaultOfTheDisk) {
  const auto journal = open(path());
  EXPECT_FALSE(journal->write([](JournalWriter& writer) { writer.add_decision(4711, {}); }).ok());
  EXPECT_EQ(journal->why_not_writable(), std::nullopt);
}

TEST_F(JournalDiskTest, AFullDiskAtStartIsRefused) {
  const DiskFault full(ENOSPC);
  EXPECT_THAT(refusal(path()), AllOf(HasSubstr(path() + ": can't be used as a journal"),
                                     HasSubstr("make room on its file system")));
}

// root writes what it likes.
TEST_F(JournalDiskTest, AFileThatIsNotOursToWriteIsRefused) {
  open(path()).reset();
  const bool is_root = geteuid() == 0;
  constexpr uid_t kNobody = 65534;
  const std::filesystem::path folder = std::filesystem::path(path()).parent_path();
  if (is_root) {
    ASSERT_EQ(chown(folder.c_str(), kNobody, kNobody), 0);
    ASSERT_EQ(chown((path() + ".lock").c_str(), kNobody, kNobody), 0);
    ASSERT_EQ(chown(path().c_str(), kNobody, kNobody), 0);
  }
  ASSERT_EQ(chmod(path().c_str(), 0400), 0);
  if (is_root) {
    ASSERT_EQ(seteuid(kNobody), 0);
  }
  const std::string why = refusal(path());
  if (is_root) {
    ASSERT_EQ(seteuid(0), 0);
  }
  EXPECT_THAT(why, AllOf(HasSubstr(path() + ": can't be used as a journal"), HasSubstr("read-only"),
                         HasSubstr("let this user write the file")));
}

// A file system of its own, which only root can make.
class JournalFileSystemTest : public JournalDiskTest {
 protected:
  JournalFileSystemTest() { mkdir(mount_point_.c_str(), 0700); }
  ~JournalFileSystemTest() override { umount2(mount_point_.c_str(), MNT_DETACH); }
  bool mounted() const { return mount("tmpfs", mount_point_.c_str(), "tmpfs", 0, "size=1m") == 0; }

  const std::string mount_point_ = folder_.path("disk");
  const std::string journal_ = mount_point_ + "/journal.db";
};

TEST_F(JournalFileSystemTest, AFullOneIsAFaultAndRoomEndsIt) {
  if (!mounted()) GTEST_SKIP() << "no file system can be mounted";
  const auto journal = open(journal_);
  const std::string filler = mount_point_ + "/filler";
  std::ofstream(filler) << std::string(400'000, 'x') << std::flush;
  size_t saved = 0;
  std::string fault;
  while ((fault = save(*journal, 20'000)).empty()) ++saved;
  EXPECT_GT(saved, 0u);
  EXPECT_THAT(fault, HasSubstr("disk is full"));
  EXPECT_EQ(count(*journal), saved) << "all that was acknowledged, and nothing else";
  std::filesystem::remove(filler);
  await_writable(*journal);
  EXPECT_EQ(save(*journal, 20'000), "");
}

TEST_F(JournalFileSystemTest, AReadOnlyOneIsRefused) {
  if (!mounted()) GTEST_SKIP() << "no file system can be mounted";
  open(journal_).reset();
  ASSERT_EQ(mount("tmpfs", mount_point_.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr), 0);
  EXPECT_THAT(refusal(journal_), AllOf(HasSubstr(journal_), HasSubstr("Read-only file system"),
                                       HasSubstr("--journal.path")));
}

}  // namespace
}  // namespace selfheal
