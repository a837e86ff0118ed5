#include "tests/remediator/disk_fault.h"

#include <atomic>
#include <cerrno>
#include <initializer_list>

#include <sqlite3.h>
#include <unistd.h>

namespace selfheal {
namespace {

std::atomic<int> current_error{0};

ssize_t faulty_pwrite(int fd, const void* bytes, size_t count, off64_t offset) {
  if (const int error = current_error) {
    errno = error;
    return -1;
  }
  return pwrite64(fd, bytes, count, offset);
}

// Before there are threads: SQLite reads its table of system calls without a lock.
const bool kInstalled = [] {
  sqlite3_vfs* vfs = sqlite3_vfs_find(nullptr);
  for (const char* name : {"pwrite", "pwrite64"})
    if (vfs->xGetSystemCall(vfs, name) != nullptr)
      vfs->xSetSystemCall(vfs, name, reinterpret_cast<sqlite3_syscall_ptr>(faulty_pwrite));
  return true;
}();

}  // namespace

DiskFault::DiskFault(int error) {
  current_error = kInstalled ? error : 0;
}

DiskFault::~DiskFault() {
  current_error = 0;
}

}  // namespace selfheal
