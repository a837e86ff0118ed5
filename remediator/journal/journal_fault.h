// What is wrong with a journal, told to a person: what, where, what to do.
#pragma once

#include <string>

#include "remediator/journal/sqlite.h"

namespace selfheal {

struct JournalFault {
  std::string message;  // for a person: what could not be written or read, and where
};

enum class FaultKind {
  change,     // what was to be written contradicts what is there; the journal is fine
  full,       // no room: it goes on when there is some
  read_only,  // the file, its folder or the file system; it goes on when it is writable again
  disk,       // the disk failed otherwise
  damaged,    // what stands in the file is no sound database; nothing of it is used any more
  other,
};

FaultKind kind_of(const SqliteError& fault);

// "PATH: the journal: database or disk is full (make room …)".
std::string fault_text(const std::string& path, const SqliteError& fault);
// What to do about it, without a full stop; empty where there is nothing to say.
std::string advice(FaultKind kind);

}  // namespace selfheal
