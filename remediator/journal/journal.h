// The remediator's memory: what was accepted, decided and done, on disk before anyone is told.
//
// SQLite in WAL mode with synchronous=FULL: when write() returns Done, the change survives kill -9
// and a power cut. One thread writes: it takes all changes that wait, runs them in one transaction
// and wakes everyone after one fsync. Reads go over a connection of their own and see what is
// committed.
//
// A write that fails for the disk's sake (full, read-only, broken) makes the journal not writable
// until a page could be written again, which the writer tries by itself every kTryAgain and after
// each change that succeeds: that may have written none. What is found damaged while running is
// damaged until another process has opened a sound file: every write faults then.
//
// All members are safe from any thread. A second process on the same journal is refused at open().
// The schema is in migrations.cpp, its story in JOURNAL.md.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "common/base/result.h"
#include "common/base/unique_fd.h"
#include "remediator/journal/journal_fault.h"
#include "remediator/journal/journal_rows.h"

namespace selfheal {

class Journal {
 public:
  using Change = std::function<void(JournalWriter&)>;
  using Look = std::function<void(JournalReader&)>;

  static constexpr std::chrono::seconds kTryAgain{1};

  // Creates the file where there is none (its folder must exist). What is there is read once as a
  // whole, and refused where it is damaged, read-only or of a newer program: not a byte of it is
  // changed then.
  static Result<std::unique_ptr<Journal>> open(const std::string& path);
  // Without the lock and without a writer, for `explain` beside a running remediator: write()
  // faults.
  static Result<std::unique_ptr<Journal>> open_read_only(const std::string& path);
  ~Journal();

  // Runs `change` on the writer's thread within a transaction, and waits for the commit. On a fault
  // nothing of it is kept. It may run twice (when a neighbour in the same commit failed), so it
  // only reads and writes the journal and assigns results.
  Outcome<JournalFault> write(const Change& change);
  // The same in a transaction of its own, between two of the others: for housekeeping, which may
  // delay them by no more than one small change. It runs once.
  Outcome<JournalFault> write_apart(const Change& change);

  Outcome<JournalFault> read(const Look& look);

  // Why nothing can be written now, for a person; nothing while it can.
  std::optional<std::string> why_not_writable() const;

 private:
  struct Job;
  Journal() = default;
  Outcome<> set_up();
  Outcome<JournalFault> hand_over(Job& job, std::vector<Job*>& queue);
  void run_writer();
  void try_again();
  void commit(const std::vector<Job*>& jobs);
  void run(const std::vector<Job*>& jobs);
  bool refused(const std::vector<Job*>& jobs);
  void written();
  void not_written(const SqliteError& fault);

  std::string path_;
  UniqueFd lock_;
  std::unique_ptr<SqliteConnection> writing_;  // the writer's thread's
  std::mutex read_mutex_;
  std::unique_ptr<SqliteConnection> reading_;

  mutable std::mutex mutex_;
  std::condition_variable work_;
  std::vector<Job*> waiting_;
  std::vector<Job*> waiting_apart_;
  std::optional<std::string> why_not_writable_;
  bool damaged_ = false;
  bool stopping_ = false;
  std::thread writer_;
};

}  // namespace selfheal
