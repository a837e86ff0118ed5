// A disk that takes nothing: whatever SQLite wants to write fails with `error` (ENOSPC, EROFS, EIO)
// for as long as one of these lives, in the whole process. Reads work. One at a time.
#pragma once

namespace selfheal {

class DiskFault {
 public:
  explicit DiskFault(int error);
  ~DiskFault();
  DiskFault(const DiskFault&) = delete;
  DiskFault& operator=(const DiskFault&) = delete;
};

}  // namespace selfheal
