// One file as this process sees it, and what of that its disk does not have yet.
//
// Reads and writes go by memory; sync() alone passes on what was written since the last one. What
// is never synced never gets there, not even at an orderly end: as if the power failed right then.
// All connections of the process that open a path share one, as they share a page cache. Another
// process sees the disk alone, and must not write meanwhile.
//
// Safe from any thread. Results are SQLite's.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <sqlite3.h>

namespace selfheal::lost_writes {

class UnsyncedFile {
 public:
  // Takes over what the disk has of it.
  int load(sqlite3_file* disk);

  // Past the end there are zeros, as SQLITE_IOERR_SHORT_READ promises.
  int read(void* to, int bytes, sqlite3_int64 offset) const;
  void write(const void* from, int bytes, sqlite3_int64 offset);
  void truncate(sqlite3_int64 bytes);
  sqlite3_int64 size() const;

  // In the order in which it was written; what could not be passed on is tried again by the next.
  int sync(sqlite3_file* disk, int flags);

 private:
  struct Change {
    sqlite3_int64 offset = 0;
    std::string bytes;
    bool ends_here = false;  // the file is cut to `offset`, and `bytes` mean nothing
  };

  static int pass_on(const Change& change, sqlite3_file* disk);

  mutable std::mutex mutex_;
  std::string content_;
  std::vector<Change> unsynced_;
};

// The process's files by their paths. Safe from any thread.
class UnsyncedFiles {
 public:
  // Loaded from `disk`, which is that file, where nobody has opened the path before; nothing and
  // SQLite's result in `result` when that fails.
  std::shared_ptr<UnsyncedFile> open(const std::string& path, sqlite3_file* disk, int& result);
  // Nothing where nobody has opened it.
  std::shared_ptr<UnsyncedFile> find(const std::string& path) const;
  void forget(const std::string& path);

 private:
  mutable std::mutex mutex_;
  std::vector<std::pair<std::string, std::shared_ptr<UnsyncedFile>>> files_;
};

}  // namespace selfheal::lost_writes
