// A copy of a journal as it was at one moment, also while a remediator works on it.
//
// Reads over a connection that can't write, and holds nobody up: WAL lets the writer go on. The
// copy holds what is committed and nothing else, needs no -wal, and has no free pages.
#pragma once

#include <string>

#include "common/base/result.h"

namespace selfheal {

struct BackupFault {
  enum class Kind {
    refused,  // nothing was done: `file` exists, or there is no such journal
    failed,   // on the way; there is no `file`, and nothing is left of it
  };
  Kind kind = Kind::failed;
  std::string message;  // for a person
};

// `file` has mode 0600 and appears as a whole, checked and on disk, or not at all: what is written
// is named FILE.partial-XXXXXX until then. Never in the place of another file.
Outcome<BackupFault> back_up_journal(const std::string& journal, const std::string& file);

}  // namespace selfheal
