// Where in the life of a database this process is killed: by SIGKILL, between two of its commits.
//
// Commits are counted over all databases of the process, from 1. A transaction that has written
// nothing is none. Safe from any thread.
#pragma once

#include <atomic>
#include <optional>
#include <string_view>

namespace selfheal::lost_writes {

class KillPoint {
 public:
  enum class Side {
    before,  // its first byte is about to be written: what came before it has been done
    after,   // it is on disk (as far as SQLite had it synced), and nobody has been told yet
  };

  // Never.
  KillPoint() = default;
  KillPoint(Side side, int commit) : side_(side), commit_(commit) {}
  KillPoint(const KillPoint& other) : side_(other.side_), commit_(other.commit_) {}

  // "before:7", "after:7"; nothing when it is neither.
  static std::optional<KillPoint> parse(std::string_view text);

  // To be called before each write to a log of changes, be it a -wal or a -journal.
  void log_is_written();
  // To be called when SQLite says that it has committed. True when that was one.
  bool committed();

 private:
  [[noreturn]] static void kill_this_process();

  Side side_ = Side::before;
  int commit_ = 0;
  std::atomic<int> commits_{0};
  std::atomic<bool> writing_{false};
};

}  // namespace selfheal::lost_writes
