// What tells that a small file which a module names has changed since it was read.
#pragma once

#include <string>

#include <sys/types.h>

#include "common/base/result.h"

namespace selfheal {

class FileStamp {
 public:
  explicit FileStamp(std::string path);
  // Also when it has appeared or vanished.
  bool changed() const;
  const std::string& path() const { return path_; }

 private:
  struct State {
    ino_t inode = 0;
    off_t size = -1;  // of a file that isn't there
    long modified_seconds = 0;
    long modified_nanoseconds = 0;
    bool operator==(const State&) const = default;
  };
  static State state_of(const std::string& path);

  std::string path_;
  State state_;
};

// The whole of a file of at most a megabyte. The error is "PATH: why".
Result<std::string> read_small_file(const std::string& path);

}  // namespace selfheal
