#include "remediator/journal/journal_backup.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include "common/base/unique_fd.h"
#include "remediator/journal/journal_fault.h"
#include "remediator/journal/sqlite.h"

namespace selfheal {
namespace {

BackupFault refused(const std::string& message) {
  return {BackupFault::Kind::refused, message};
}

BackupFault failed(const std::string& what) {
  return {BackupFault::Kind::failed, what + ": " + std::generic_category().message(errno)};
}

BackupFault exists(const std::string& file) {
  return refused(file + ": exists, and is not overwritten; name another file");
}

// The copy while it has no name of its own. Removed again unless it was kept.
class PartialFile {
 public:
  explicit PartialFile(const std::string& file)
      : path_(file + ".partial-XXXXXX"), fd_(mkostemp(path_.data(), O_CLOEXEC)) {}
  ~PartialFile() {
    if (fd_ && !kept_) unlink(path_.c_str());
  }
  PartialFile(const PartialFile&) = delete;
  PartialFile& operator=(const PartialFile&) = delete;

  bool made() const { return static_cast<bool>(fd_); }
  const std::string& path() const { return path_; }
  bool sync() const { return fsync(fd_.get()) == 0; }

  // False with errno where that can't be done, EEXIST where there is such a file.
  bool keep_as(const std::string& file) {
    kept_ = renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, file.c_str(), RENAME_NOREPLACE) == 0;
    // Some network file systems don't know NOREPLACE, but do know links, which replace nothing.
    if (!kept_ && errno == EINVAL && link(path_.c_str(), file.c_str()) == 0) {
      kept_ = true;
      unlink(path_.c_str());
    }
    return kept_;
  }

 private:
  std::string path_;
  UniqueFd fd_;
  bool kept_ = false;
};

// Throws SqliteError. VACUUM INTO reads within one transaction, where SQLite's backup API would
// begin again whenever the running remediator writes.
void copy(SqliteConnection& journal, const std::string& to) {
  // Also of a journal from before it gave free pages back.
  if (journal.number("PRAGMA auto_vacuum") == 0)
    journal.execute("PRAGMA auto_vacuum = INCREMENTAL");
  journal.query("VACUUM INTO ?").bind(to).run();
}

std::string check(const std::string& path) {
  SqliteConnection copied(path, SqliteConnection::Mode::read_only);
  SqliteQuery found = copied.query("PRAGMA integrity_check(1)");
  return found.step() ? found.text() : "no answer";
}

bool sync_folder_of(const std::string& file) {
  const UniqueFd folder(
      open(std::filesystem::path(file).parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return folder && fsync(folder.get()) == 0;
}

Outcome<BackupFault> copy_checked(SqliteConnection& source, const std::string& journal,
                                  const PartialFile& partial) {
  try {
    copy(source, partial.path());
    if (const std::string found = check(partial.path()); found != "ok")
      return BackupFault{BackupFault::Kind::failed, journal + ": its copy is not sound: " + found +
                                                        " (" + advice(FaultKind::damaged) + ")"};
  } catch (const SqliteError& fault) {
    return BackupFault{BackupFault::Kind::failed,
                       fault_text(journal + ": can't be copied to " + partial.path(), fault)};
  }
  return Done{};
}

}  // namespace

Outcome<BackupFault> back_up_journal(const std::string& journal, const std::string& given_file) {
  // SQLite would take a relative name that begins with "file:" for something else.
  const std::string file = std::filesystem::absolute(given_file).string();
  if (std::filesystem::exists(std::filesystem::symlink_status(file))) return exists(file);
  std::optional<SqliteConnection> source;
  try {
    source.emplace(journal, SqliteConnection::Mode::read_only);
    source->number("SELECT count(*) FROM incident");
  } catch (const SqliteError& fault) {
    return refused(fault_text(journal + ": can't be read as a journal", fault));
  }
  PartialFile partial(file);
  if (!partial.made()) return failed(partial.path() + ": can't be created");
  if (Outcome<BackupFault> copied = copy_checked(*source, journal, partial); !copied) return copied;
  if (!partial.sync()) return failed(partial.path() + ": can't be written");
  if (!partial.keep_as(file))
    return errno == EEXIST ? exists(file) : failed(file + ": can't be given its name");
  if (!sync_folder_of(file)) return failed(file + ": was written, but its folder can't be synced");
  return Done{};
}

}  // namespace selfheal
