// A VFS for SQLite that keeps back what is not synced (unsynced_file.h): databases, their -wal and
// their -journal. Everything else goes to the default VFS as it is: locks, and the -shm too, which
// a power cut would take with it. So whoever kills a process on it deletes the -shm.
//
// A file is created and deleted at once; what is lost is what it holds.
#pragma once

#include <functional>

#include "tests/crash/lost_writes/kill_point.h"

namespace selfheal::lost_writes {

inline constexpr const char* kVfsName = "lost-writes";

struct VfsOptions {
  KillPoint kill_point;
  std::function<void()> on_commit = nullptr;  // after each, from the thread that committed
  // Every connection runs with synchronous=NORMAL, whatever its program asks for: in WAL mode
  // SQLite then syncs at checkpoints alone.
  bool synchronous_normal = false;
  bool is_default = false;
};

// Once in a process, before there are threads. SQLite's result.
int register_vfs(const VfsOptions& options);

}  // namespace selfheal::lost_writes
