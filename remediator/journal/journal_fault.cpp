#include "remediator/journal/journal_fault.h"

#include <cerrno>
#include <system_error>

namespace selfheal {
namespace {

// SQLite knows ENOSPC alone as full, and calls the rest of these an I/O error.
FaultKind kind_of_system_error(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return FaultKind::full;
    case EROFS:
    case EPERM:
    case EACCES:
      return FaultKind::read_only;
    default:
      return FaultKind::disk;
  }
}

}  // namespace

FaultKind kind_of(const SqliteError& fault) {
  switch (fault.code()) {
    case SQLITE_CONSTRAINT:
      return FaultKind::change;
    case SQLITE_FULL:
      return FaultKind::full;
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return FaultKind::read_only;
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
      return kind_of_system_error(fault.system_error());
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return FaultKind::damaged;
    default:
      return FaultKind::other;
  }
}

std::string advice(FaultKind kind) {
  switch (kind) {
    case FaultKind::full:
      return "make room on its file system; it is tried again by itself";
    case FaultKind::read_only:
      return "let this user write the file and its folder, on a file system that is mounted "
             "writable";
    case FaultKind::disk:
      return "look into the kernel's log; it is tried again by itself";
    case FaultKind::damaged:
      return "it is damaged: stop selfheal-remediator, move the file away together with its -wal "
             "and -shm, put a backup in its place or begin a new one, and start again; open "
             "incidents in it are then forgotten";
    case FaultKind::change:
    case FaultKind::other:
      break;
  }
  return "";
}

std::string fault_text(const std::string& path, const SqliteError& fault) {
  const FaultKind kind = kind_of(fault);
  std::string text = path + ": " + fault.what();
  const bool named = fault.code() == SQLITE_IOERR || fault.code() == SQLITE_CANTOPEN;
  if (named && fault.system_error() != 0)
    text += ", " + std::generic_category().message(fault.system_error());
  const std::string what_to_do = advice(kind);
  return what_to_do.empty() ? text : text + " (" + what_to_do + ")";
}

}  // namespace selfheal
