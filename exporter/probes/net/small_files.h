// The small files that modules name (a request's body, passwords), read anew when they change.
// Belongs to the thread of one event loop.
#pragma once

#include <list>
#include <memory>
#include <string>

#include "common/base/file_stamp.h"
#include "common/base/result.h"

namespace selfheal {

class SmallFiles {
 public:
  using Text = std::shared_ptr<const std::string>;
  // The error is "PATH: why".
  Result<Text> read(const std::string& path);

 private:
  struct Entry {
    FileStamp stamp;
    Text text;
  };
  std::list<Entry> entries_;  // the most recently read first
};

}  // namespace selfheal
