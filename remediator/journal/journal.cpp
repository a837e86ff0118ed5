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
  // Of its own: a commit ends as many as wait, and each would wake all the others.
  std::condition_variable done;

  // Under the journal's lock, without which the one that waits could be gone before it is told.
  void end(Outcome<JournalFault> how) {
    outcome.emplace(std::move(how));
    done.notify_one();
  }
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

// It holds what containers have logged. SQLite gives the files beside it the same mode, and says
// what is wrong where this fails.
void create_private(const std::string& path) {
  const UniqueFd created(::open(path.c_str(), O_CREAT | O_RDONLY | O_CLOEXEC, 0600));
}

// Every page that is in use is read: a second for each few hundred MiB, once.
Outcome<> expect_sound(SqliteConnection& connection) {
  SqliteQuery check = connection.query("PRAGMA quick_check(1)");
  std::string found = check.step() ? check.text() : "no answer";
  if (found == "ok") return Done{};
  return Error{"can't be used as a journal: " + found + " (" + advice(FaultKind::damaged) + ")"};
}

constexpr int kWalBytes = 4 << 20;

}  // namespace

Result<std::unique_ptr<Journal>> Journal::open(const std::string& path) {
  Result<UniqueFd> lock = take_lock(path);
  if (!lock) return lock.error();
  std::unique_ptr<Journal> journal(new Journal());
  journal->path_ = path;
  journal->lock_ = std::move(*lock);
  create_private(path);
  try {
    journal->writing_ =
        std::make_unique<SqliteConnection>(path, SqliteConnection::Mode::read_write);
    if (const Outcome<> fine = journal->set_up(); !fine)
      return Error{path + ": " + fine.error().message};
    journal->reading_ = std::make_unique<SqliteConnection>(path, SqliteConnection::Mode::read_only);
  } catch (const SqliteError& fault) {
    return Error{fault_text(path + ": can't be used as a journal", fault)};
  }
  journal->writer_ = std::thread([raw = journal.get()] { raw->run_writer(); });
  pthread_setname_np(journal->writer_.native_handle(), "journal");
  return journal;
}

// Looks first and writes then: what is refused is left as it was, for whoever is to mend it.
Outcome<> Journal::set_up() {
  writing_->set_on_close(SqliteConnection::OnClose::leave_alone);
  if (Outcome<> known = expect_not_newer(*writing_); !known) return known;
  if (Outcome<> sound = expect_sound(*writing_); !sound) return sound;
  if (writing_->is_read_only())
    return Error{"can't be used as a journal: it is read-only (" + advice(FaultKind::read_only) +
                 ")"};
  // auto_vacuum is taken by an empty file only, and before it has its first page. Debian's SQLite
  // would overwrite all that is deleted; FAST does that only where it costs no further page.
  writing_->execute(
      "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; "
      "PRAGMA foreign_keys = ON; PRAGMA secure_delete = FAST;");
  // A backup holds the -wal for as long as it reads; its size is given back after that.
  writing_->execute("PRAGMA journal_size_limit = " + std::to_string(kWalBytes));
  if (Outcome<> migrated = migrate(*writing_); !migrated) return migrated;
  writing_->set_on_close(SqliteConnection::OnClose::checkpoint);
  return Done{};
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
    return Error{fault_text(path + ": can't be read as a journal", fault)};
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
  Job job{change, std::nullopt, {}};
  return hand_over(job, waiting_);
}

Outcome<JournalFault> Journal::write_apart(const Change& change) {
  Job job{change, std::nullopt, {}};
  return hand_over(job, waiting_apart_);
}

Outcome<JournalFault> Journal::hand_over(Job& job, std::vector<Job*>& queue) {
  std::unique_lock lock(mutex_);
  if (writing_ == nullptr) return JournalFault{path_ + " is open for reading only"};
  if (damaged_) return JournalFault{*why_not_writable_};
  queue.push_back(&job);
  work_.notify_one();
  job.done.wait(lock, [&] { return job.outcome.has_value(); });
  return *std::move(job.outcome);
}

Outcome<JournalFault> Journal::read(const Look& look) {
  const std::lock_guard lock(read_mutex_);
  try {
    JournalReader reader(*reading_);
    look(reader);
  } catch (const SqliteError& fault) {
    if (kind_of(fault) == FaultKind::damaged) not_written(fault);
    return JournalFault{fault_text(path_, fault)};
  }
  return Done{};
}

std::optional<std::string> Journal::why_not_writable() const {
  const std::lock_guard lock(mutex_);
  return why_not_writable_;
}

void Journal::run_writer() {
  for (;;) {
    std::vector<Job*> batch, apart;
    {
      std::unique_lock lock(mutex_);
      const auto has_work = [this] {
        return stopping_ || !waiting_.empty() || !waiting_apart_.empty();
      };
      if (why_not_writable_ && !damaged_)
        work_.wait_for(lock, kTryAgain, has_work);
      else
        work_.wait(lock, has_work);
      batch.swap(waiting_);
      apart.swap(waiting_apart_);
      if (stopping_ && batch.empty() && apart.empty()) return;
    }
    if (batch.empty() && apart.empty()) try_again();
    if (!batch.empty()) commit(batch);
    for (Job* job : apart) commit({job});
  }
}

// Alertmanager sends again what could not be written, but nobody may have anything to say when
// there is room again. Writing the version that is there already writes a page.
void Journal::try_again() {
  const Change touch = [this](JournalWriter&) {
    const int64_t version = writing_->number("PRAGMA user_version");
    writing_->execute("PRAGMA user_version = " + std::to_string(version));
  };
  Job job{touch, std::nullopt, {}};
  try {
    run({&job});
    written();
  } catch (const SqliteError& fault) {
    not_written(fault);
  }
}

// All of `jobs` or, where it throws, none.
void Journal::run(const std::vector<Job*>& jobs) {
  try {
    JournalWriter writer(*writing_);
    writing_->execute("BEGIN IMMEDIATE");
    for (const Job* job : jobs) job->change(writer);
    writing_->execute("COMMIT");
  } catch (const SqliteError&) {
    try {
      writing_->execute("ROLLBACK");
    } catch (const SqliteError&) {
      // SQLite has rolled back by itself, as it does on a full disk.
    }
    throw;
  }
}

void Journal::commit(const std::vector<Job*>& jobs) {
  try {
    if (refused(jobs)) return;
    run(jobs);
    // What changed no row has written nothing, and proves nothing.
    if (why_not_writable()) try_again();
    const std::lock_guard lock(mutex_);
    for (Job* job : jobs) job->end(Done{});
  } catch (const SqliteError& fault) {
    if (jobs.size() > 1) {
      // One of them is at fault, and the others must not suffer for it.
      for (Job* job : jobs) commit({job});
      return;
    }
    not_written(fault);
    log::error("the journal can't be written", {{"journal", path_}, {"err", fault.what()}});
    const std::lock_guard lock(mutex_);
    jobs.front()->end(JournalFault{fault_text(path_, fault)});
  }
}

// What waited while the damage was found.
bool Journal::refused(const std::vector<Job*>& jobs) {
  const std::lock_guard lock(mutex_);
  if (!damaged_) return false;
  for (Job* job : jobs) job->end(JournalFault{*why_not_writable_});
  return true;
}

void Journal::written() {
  const std::lock_guard lock(mutex_);
  if (!why_not_writable_ || damaged_) return;
  why_not_writable_.reset();
  log::info("the journal can be written again", {{"journal", path_}});
}

void Journal::not_written(const SqliteError& fault) {
  const FaultKind kind = kind_of(fault);
  if (kind == FaultKind::change) return;
  const std::lock_guard lock(mutex_);
  if (damaged_) return;
  damaged_ = kind == FaultKind::damaged;
  why_not_writable_ = fault_text(path_, fault);
  if (damaged_) log::error("the journal is damaged", {{"err", *why_not_writable_}});
}

}  // namespace selfheal
