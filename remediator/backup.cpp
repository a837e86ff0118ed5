#include "remediator/backup.h"

#include <filesystem>
#include <iostream>

#include "common/base/program.h"
#include "remediator/journal/journal_backup.h"

namespace selfheal {

int backup(const std::string& journal, const std::string& file) {
  if (const auto done = back_up_journal(journal, file); !done) {
    std::cerr << done.error().message << '\n';
    return done.error().kind == BackupFault::Kind::refused ? kExitBadUsage : kExitFailed;
  }
  std::error_code unknown;
  std::cout << file << ": the journal " << journal << ", "
            << std::filesystem::file_size(file, unknown) << " bytes, checked\n";
  return kExitDone;
}

}  // namespace selfheal
