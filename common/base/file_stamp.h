// Small files that are read again when they have changed: what tells that, and the reading.
#pragma once

#include <string>

#include <sys/types.h>

#include "common/base/result.h"

namespace selfheal {

// Take it before reading, so that a change in between shows at the next look.
class FileStamp {
 public:
  explicit FileStamp(std::string path);
  // Also when it has appeared or vanished.
  bool changed() const;
  const std::string& path() const { return path_; }

 private:
  struct State {
    dev_t device = 0;
    ino_t inode = 0;
    off_t size = -1;  // of a file that isn't there
    timespec modified{};
    timespec changed{};
    bool operator==(const State& other) const;
  };
  static State state_of(const std::string& path);

  std::string path_;
  State state_;
};

// The whole of a file of at most a megabyte. The error is "PATH: why".
Result<std::string> read_small_file(const std::string& path);

}  // namespace selfheal
