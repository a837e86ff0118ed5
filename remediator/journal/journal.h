// The remediator's memory: what was accepted, decided and done, on disk before anyone is told.
//
// SQLite in WAL mode with synchronous=FULL: when write() returns Done, the change survives kill -9
// and a power cut. One thread writes: it takes all changes that wait, runs them in one transaction
// and wakes everyone after one fsync. Reads go over a connection of their own and see what is
// committed.
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
#include "remediator/journal/journal_rows.h"

namespace selfheal {

struct JournalFault {
  std::string message;  // for a person: what could not be written or read, and where
};

class Journal {
 public:
  using Change = std::function<void(JournalWriter&)>;
  using Look = std::function<void(JournalReader&)>;

  // Creates the file where there is none (its folder must exist).
  static Result<std::unique_ptr<Journal>> open(const std::string& path);
  // Without the lock and without a writer, for `explain` beside a running remediator: write()
  // faults.
  static Result<std::unique_ptr<Journal>> open_read_only(const std::string& path);
  ~Journal();

  // Runs `change` on the writer's thread within a transaction, and waits for the commit. On a fault
  // nothing of it is kept. It may run twice (when a neighbour in the same commit failed), so it
  // only reads and writes the journal and assigns results.
  Outcome<JournalFault> write(const Change& change);

  Outcome<JournalFault> read(const Look& look);

 private:
  struct Job;
  Journal() = default;
  void run_writer();
  void commit(const std::vector<Job*>& jobs);

  std::string path_;
  UniqueFd lock_;
  std::unique_ptr<SqliteConnection> writing_;  // the writer's thread's
  std::mutex read_mutex_;
  std::unique_ptr<SqliteConnection> reading_;

  std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable done_;
  std::vector<Job*> waiting_;
  bool stopping_ = false;
  std::thread writer_;
};

}  // namespace selfheal
