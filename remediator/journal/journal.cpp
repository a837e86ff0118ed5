#include "remediator/journal/journal.h"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>

#include "common/base/log.h"
#include "remediator/journal/migrations.h"

namespace selfheal {

struct Journal::Job {
  const Change& change;
  std::optional<Outcome<JournalFault>> outcome;
};

namespace {

// A lock of our own beside the file: SQLite's are taken for a transaction only.
Result<UniqueFd> take_lock(const std::string& path) {
  const std::string lock_path = path + ".lock";
  UniqueFd fd(::open(lock_path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600));
  if (!fd)
    return Error{lock_path + ": can't be created: " + std::generic_category().message(errno) +
                 " (does the folder exist, and may this user write there? see --journal.path)"};
  if (flock(fd.get(), LOCK_EX | LOCK_NB) != 0)
    return Error{path + ": another selfheal-remediator uses this journal; only one may act"};
  return fd;
}

}  // namespace

Result<std::unique_ptr<Journal>> Journal::open(const std::string& path) {
  Result<UniqueFd> lock = take_lock(path);
  if (!lock) return lock.error();
  std::unique_ptr<Journal> journal(new Journal());
  journal->path_ = path;
  journal->lock_ = std::move(*lock);
  try {
    journal->writing_ =
        std::make_unique<SqliteConnection>(path, SqliteConnection::Mode::read_write);
    journal->writing_->execute(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
    if (const Outcome<> migrated = migrate(*journal->writing_); !migrated)
      return Error{path + ": " + migrated.error().message};
    journal->reading_ = std::make_unique<SqliteConnection>(path, SqliteConnection::Mode::read_only);
  } catch (const SqliteError& fault) {
    return Error{path + ": can't be used as a journal: " + fault.what() +
                 " (move it away to begin a new one; open incidents in it are then forgotten)"};
  }
  journal->writer_ = std::thread([raw = journal.get()] { raw->run_writer(); });
  pthread_setname_np(journal->writer_.native_handle(), "journal");
  return journal;
}

Result<std::unique_ptr<Journal>> Journal::open_read_only(const std::string& path) {
  std::unique_ptr<Journal> journal(new Journal());
  journal->path_ = path;
  try {
    journal->reading_ = std::make_unique<SqliteConnection>(path, SqliteConnection::Mode::read_only);
    journal->reading_->query("SELECT count(*) FROM incident").step();
    if (const Outcome<> readable = expect_newest(*journal->reading_); !readable)
      return Error{path + ": " + readable.error().message};
  } catch (const SqliteError& fault) {
    return Error{path + ": can't be read as a journal: " + fault.what()};
  }
  return journal;
}

Journal::~Journal() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_one();
  if (writer_.joinable()) writer_.join();
}

Outcome<JournalFault> Journal::write(const Change& change) {
  Job job{change, std::nullopt};
  std::unique_lock lock(mutex_);
  if (writing_ == nullptr) return JournalFault{path_ + " is open for reading only"};
  waiting_.push_back(&job);
  work_.notify_one();
  done_.wait(lock, [&] { return job.outcome.has_value(); });
  return *std::move(job.outcome);
}

Outcome<JournalFault> Journal::read(const Look& look) {
  const std::lock_guard lock(read_mutex_);
  try {
    JournalReader reader(*reading_);
    look(reader);
  } catch (const SqliteError& fault) {
    return JournalFault{path_ + ": " + fault.what()};
  }
  return Done{};
}

void Journal::run_writer() {
  for (;;) {
    std::vector<Job*> batch;
    {
      std::unique_lock lock(mutex_);
      work_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      batch.swap(waiting_);
    }
    commit(batch);
  }
}

void Journal::commit(const std::vector<Job*>& jobs) {
  try {
    JournalWriter writer(*writing_);
    writing_->execute("BEGIN IMMEDIATE");
    for (const Job* job : jobs) job->change(writer);
    writing_->execute("COMMIT");
    const std::lock_guard lock(mutex_);
    for (Job* job : jobs) job->outcome.emplace(Done{});
  } catch (const SqliteError& fault) {
    try {
      writing_->execute("ROLLBACK");
    } catch (const SqliteError&) {
      // SQLite has rolled back by itself, as it does on a full disk.
    }
    if (jobs.size() > 1) {
      // One of them is at fault, and the others must not suffer for it.
      for (Job* job : jobs) commit({job});
      return;
    }
    log::error("the journal can't be written", {{"journal", path_}, {"err", fault.what()}});
    const std::lock_guard lock(mutex_);
    jobs.front()->outcome.emplace(JournalFault{path_ + ": " + fault.what()});
  }
  done_.notify_all();
}

}  // namespace selfheal
